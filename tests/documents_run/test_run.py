"""The run of a project: what runs, beside what, and what is left when a page fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analysis.documents.events import PageDone, PageFailed, PageStarted, RunPlanned
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.plan import estimate, longest_first
from analysis.documents.staleness import State, state_of
from analysis.errors import Location
from tests.documents_run.conftest import ROOT, Site
from tests.helpers.projects import snapshot

# Pages that meet: each is done when it has seen that the other one runs.
MEET = """
import pathlib, time
pathlib.Path("{me}").touch()
while not pathlib.Path("{other}").exists(): time.sleep(0.01)
"""


def state(site: Site, source: str) -> State:
    return state_of(Fingerprints(site.project), source).state


def test_each_page_runs_once_and_has_its_own_state(site: Site) -> None:
    site.page("a.qmd", "word = 'from a'\nword")
    site.page("b.qmd", "'word' in dir()")
    site.write("c.qmd", "# No code\n")
    assert site.ran() == ["a.qmd", "b.qmd"]
    assert "from a" in site.frozen("a") and "False" in site.frozen("b")
    assert not (site.root / "_freeze/c").exists()
    assert site.ran() == []
    assert site.ran(force=True) == ["a.qmd", "b.qmd"]


def test_events_tell_the_plan_and_each_page(site: Site) -> None:
    site.page("good.qmd", "1")
    site.page("bad.qmd", "1 / 0")
    site.run(jobs=1)
    assert site.events[0] == RunPlanned(("bad.qmd", "good.qmd"), None)
    assert [type(event) for event in site.events[1:]].count(PageStarted) == 2
    assert [e.source for e in site.events if isinstance(e, PageDone)] == ["good.qmd"]
    assert [e.source for e in site.events if isinstance(e, PageFailed)] == ["bad.qmd"]


def test_a_failing_page_stops_no_other_and_keeps_its_last_good_result(site: Site) -> None:
    site.page("bad.qmd", "'good once'")
    site.page("good.qmd", "1")
    site.run()
    good = snapshot(site.root, "_freeze/bad")
    site.page("bad.qmd", "x = 1", "y = 2\nraise ValueError('broken')")
    site.page("good.qmd", "2")
    result = site.run()
    assert [outcome.state for outcome in result.outcomes] == ["failed", "ran"]
    error = result.failed[0].error
    assert error is not None and error.what == "ValueError: broken"
    assert error.where == Location("bad.qmd", 14)
    assert snapshot(site.root, "_freeze/bad") == good
    assert state(site, "bad.qmd") is State.FAILED and state(site, "good.qmd") is State.FRESH
    log = (site.root / ".analysis/logs/bad.qmd.log").read_text()
    assert "bad.qmd:14: ValueError: broken" in log and "----> 2" in log


def test_a_failure_is_remembered_since_the_first_one_retried_and_forgotten(site: Site) -> None:
    site.page("page.qmd", "import pathlib\npathlib.Path('data.txt').read_text()")
    site.run()
    record = site.root / ".analysis/failures/page.qmd.json"
    first = json.loads(record.read_text())
    assert first["what"].startswith("FileNotFoundError") and first["where"] == "page.qmd:10"
    assert len(site.run().failed) == 1
    assert json.loads(record.read_text())["since"] == first["since"]
    (site.root / "data.txt").write_text("here")
    assert site.ran() == ["page.qmd"]
    assert not record.exists() and state(site, "page.qmd") is State.FRESH


def test_a_forced_run_that_fails_makes_the_page_stale(site: Site) -> None:
    site.page("page.qmd", "import pathlib\npathlib.Path('gone').exists() and 1 / 0")
    site.run()
    (site.root / "gone").touch()
    assert len(site.run(force=True).failed) == 1
    assert state(site, "page.qmd") is State.FAILED
    assert len(site.run().failed) == 1


def test_two_jobs_overlap(site: Site) -> None:
    site.page("a.qmd", MEET.format(me="a", other="b"))
    site.page("b.qmd", MEET.format(me="b", other="a"))
    assert site.ran(jobs=2, timeout=20) == ["a.qmd", "b.qmd"]


def test_one_job_does_not_overlap(site: Site) -> None:
    for name in "ab":
        check = "import pathlib, time\nassert not pathlib.Path('lock').exists()"
        work = "pathlib.Path('lock').touch()\ntime.sleep(0.2)\npathlib.Path('lock').unlink()"
        site.page(f"{name}.qmd", f"{check}\n{work}")
    assert site.ran(jobs=1) == ["a.qmd", "b.qmd"]


def test_the_front_matters_timeout_goes_before_that_of_the_call(site: Site) -> None:
    site.page("quick.qmd", "import time\ntime.sleep(60)", front="execute:\n  timeout: 0.5")
    site.page("slow.qmd", "import time\ntime.sleep(1)", front="execute:\n  timeout: 30")
    result = site.run(timeout=0.2)
    assert [outcome.state for outcome in result.outcomes] == ["failed", "ran"]
    assert "within 0.5 s" in str(result.failed[0].error)


def test_figures_have_the_size_that_quarto_promises(site: Site) -> None:
    show = "import os\n{k: v for k, v in os.environ.items() if k.startswith('QUARTO')}"
    site.page("sub/page.qmd", show, front="fig-width: 4\nfig-format: svg")
    site.run()
    frozen = site.frozen("sub/page")
    assert "'QUARTO_FIG_WIDTH': '4'" in frozen and "'QUARTO_FIG_FORMAT': 'svg'" in frozen
    assert f"'QUARTO_PROJECT_ROOT': '{site.root}'" in frozen
    assert "'QUARTO_DOCUMENT_FILE': 'page.qmd'" in frozen


def test_the_freeze_is_the_same_bytes_from_forked_and_ordinary_kernels(site: Site) -> None:
    cells = [
        "import altair as alt, pandas as pd, matplotlib.pyplot as plt\nfrom great_tables import GT",
        "rows = pd.DataFrame({'x': range(4), 'y': [1, 4, 2, 3]})\nrows",
        "#| label: fig-line\n#| fig-cap: A line\nplt.plot(rows.x, rows.y)",
        "#| label: fig-chart\n#| fig-cap: A chart\nalt.Chart(rows).mark_bar().encode(x='x', y='y')",
        "GT(rows, id='rows')",
        "import warnings\nwarnings.warn('careful')\nprint(set('shuffle'))",
    ]
    site.page("page.qmd", *cells, prose="There are `{python} 1 + 1`.")
    assert site.ran(preload=True) == ["page.qmd"]
    forked = snapshot(site.root, "_freeze")
    assert site.ran(preload=False, force=True) == ["page.qmd"]
    assert snapshot(site.root, "_freeze") == forked
    assert site.ran(preload=True, force=True) == ["page.qmd"]
    assert snapshot(site.root, "_freeze") == forked
    assert any(name.endswith(".png") for name in forked)


def test_modules_of_the_project_are_never_imported_in_advance(site: Site) -> None:
    site.write("helper.py", "import pandas\nseen = 1\n")
    look = "import sys\nprint('helper' in sys.modules, 'pandas' in sys.modules)\nimport helper"
    site.page("page.qmd", look)
    site.run(preload=True)
    assert "False True" in site.frozen("page")


def test_the_longest_known_page_starts_first_and_the_time_is_estimated(site: Site) -> None:
    known = {"a": 1.0, "b": 5.0, "c": 3.0}
    assert longest_first(["a", "b", "c", "new"], known) == ("new", "b", "c", "a")
    assert estimate(["b", "c", "a"], known, 2) == 5.0
    assert estimate(["new", "b", "c", "a"], known, 1) == 12.0
    assert estimate(["new"], known, 1) is None
    site.page("a.qmd", "1")
    site.page("b.qmd", "import time\ntime.sleep(0.3)")
    site.run()
    site.run(force=True)
    assert isinstance(site.events[0], RunPlanned)
    assert site.events[0].pages == ("b.qmd", "a.qmd")
    assert site.events[0].seconds and site.events[0].seconds > 0.3


def test_parameters_replace_those_of_the_document(site: Site) -> None:
    site.page("page.qmd", "#| tags: [parameters]\nyear = 2012", "print('the year', year)")
    site.run()
    assert "the year 2012" in site.frozen("page")
    assert site.ran(parameters={"year": 2013}) == ["page.qmd"]
    assert "the year 2013" in site.frozen("page")
    assert site.ran(parameters={"year": 2013}) == []


INTERRUPTED = """
import signal, sys
from pathlib import Path
# Whoever runs the tests in the background has switched this signal off.
signal.signal(signal.SIGINT, signal.default_int_handler)
from tests.documents_run.conftest import Site
site = Site(Path(sys.argv[1]))
try:
    site.run(jobs=2, preload=sys.argv[2] == "True")
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("preload", [True, False])
def test_an_interrupt_leaves_no_process_and_keeps_what_was_finished(
    site: Site, preload: bool
) -> None:
    site.page("done.qmd", "1")
    endless = "import os, time\nopen('{}.pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"
    site.page("x.qmd", endless.format("x"))
    site.page("y.qmd", endless.format("y"))
    command = [sys.executable, "-c", INTERRUPTED, str(site.root), str(preload)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        marks = [site.root / "x.pid", site.root / "y.pid"]
        end = time.monotonic() + 20
        while not all(mark.exists() and mark.read_text() for mark in marks):
            assert time.monotonic() < end and process.poll() is None
            time.sleep(0.02)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        assert process.wait(10) == 130
        assert time.monotonic() - start < 3
        assert process.stderr is not None and process.stderr.read() == b""
    assert len(family) >= 3 and not any(child.is_running() for child in family)
    assert "1" in site.frozen("done")
    assert not (site.root / "_freeze/x").exists()
    assert state(site, "x.qmd") is State.NEVER  # an interrupt is no failure
    assert state(site, "done.qmd") is State.FRESH


def test_nothing_is_left_in_the_temporary_folder(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    site.page("page.qmd", "1")
    site.page("bad.qmd", "1 / 0")
    site.run(preload=True)
    assert os.listdir(folder) == []  # noqa: PTH208
