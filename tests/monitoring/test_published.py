"""Publishing brings monitoring up to date first, so that its pages say what holds now."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.cli.monitor.publishing import refresh_monitoring
from analysis.monitoring.stored.measured import write_measured
from analysis.monitoring.updating import update, watched
from analysis.project import find_project
from tests.helpers.alerting import months
from tests.helpers.projects import analysis, write_project

MODEL = "late-flights"
PAGE = """\
---
title: Alerts
---

```{python}
import analysis
alerts = "select rule, state, period, value, opened > timestamp '2020-01-01' from meta.alerts"
print(analysis.db().execute(alerts).fetchall())
models = "select model, status, len(notes) from meta.monitors"
print(analysis.db().execute(models).fetchall())
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a page on alerts, whose numbers tests write themselves."""
    return write_project(
        tmp_path,
        {
            "data/sources.yml": "sources:\n  shops: {description: Shops, kind: csv, path: s.csv, "
            "columns: {name: VARCHAR}}\n",
            "s.csv": "name\nnorth\n",
            "data/monitors.yml": f"{MODEL}:\n  rules:\n"
            "  - {name: calibration, metric: observed_expected, above: 1.25, severity: act}\n",
            "index.qmd": PAGE,
            "other.qmd": "---\ntitle: Other\n---\n\n```{python}\nprint(1)\n```\n",
        },
    )


def test_a_page_sees_the_alerts_that_hold_now(root: Path) -> None:
    """It runs when they change, and only then; other pages do not."""
    project = find_project(root)
    write_measured(project, MODEL, months([1.0, 1.5]))
    first = analysis(root, "publish")
    assert first.code == 0, first.err
    shown = (root / "published/current/index.html").read_text()
    assert "[('calibration', 'open', '2013-02', 1.5, True)]" in shown
    assert "[('late-flights', 'act', 0)]" in shown
    assert "2 pages, 0 run" in analysis(root, "publish").out
    write_measured(project, MODEL, months([1.0, 1.5, 1.0]))
    third = analysis(root, "publish")
    assert "2 pages, 1 run" in third.out, third.out + third.err
    assert "'closed', '2013-02'" in (root / "published/current/index.html").read_text()


def test_a_snapshot_is_published_as_it_is(root: Path) -> None:
    """Nothing is counted then."""
    write_measured(find_project(root), MODEL, months([1.0, 1.5]))
    assert analysis(root, "ingest").code == 0
    made = analysis(root, "snapshot", "create")
    assert made.code == 0, made.err
    name = next(path.name for path in (root / "data/snapshots").iterdir() if path.is_dir())
    done = analysis(root, "publish", "--snapshot", name)
    assert done.code == 0, done.err
    assert not (root / f"data/monitoring/{MODEL}/alerts.json").exists()


@pytest.mark.parametrize(("module", "name"), [(watched, "watched"), (update, "judge")])
def test_a_mistake_of_the_program_stops_no_site(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: object,
    name: str,
) -> None:
    """It is a warning, with what went wrong; where, is told only whom it helps."""

    def wrong(*_: object, **__: object) -> None:
        raise KeyError("no such thing")

    monkeypatch.setattr(module, name, wrong)
    write_measured(find_project(root), MODEL, months([1.0]))
    refresh_monitoring(find_project(root))
    told = capsys.readouterr().err
    assert "as it last was: this is a mistake in `analysis` itself" in told
    assert "KeyError('no such thing'); please report it" in told
    assert "Traceback" not in told
    monkeypatch.setenv("ANALYSIS_DEBUG", "1")
    refresh_monitoring(find_project(root))
    assert "Traceback" in capsys.readouterr().err


def test_whoever_interrupts_is_heard(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB makes an error of its own of it."""

    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(watched, "watched", interrupted)
    with pytest.raises(RuntimeError):
        refresh_monitoring(find_project(root))
