"""What fails alone, what is stopped, and what an interrupted experiment leaves."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.experiments.running import current, file_of, made, own, quick, run
from tests.helpers.death import killed
from tests.helpers.projects import ANALYSIS
from tests.warehouse.conftest import Folder

DEATHS = {
    "raise ValueError('no good\\nat all')": "ValueError: no good at all",
    "raise SystemExit(3)": "its process ended with the exit code 3",
    "import os; os._exit(7)": "its process ended with the exit code 7",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "its process was killed",
    "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)": "died of SIGSEGV",
    "raise MemoryError('Unable to allocate 9 TiB')": "MemoryError: Unable to allocate 9 TiB",
    "X = np.array(X, dtype=float) * np.nan": "ValueError: Input X contains NaN",
}


@pytest.mark.parametrize(("line", "what"), DEATHS.items())
def test_a_candidate_that_fails_fails_alone(parcels: Folder, line: str, what: str) -> None:
    folder = own(parcels, line)
    outcome = run(folder)
    assert outcome.code == 1
    found = current(folder)
    assert {name: one.status for name, one in found.items()} == {
        "rate": "done",
        "logistic": "done",
        "own": "failed",
    }
    failure = found["own"].failure
    assert failure is not None and what in failure.what and failure.during.startswith("fold ")
    assert f"FAILED   own       {failure.what}" in outcome.out
    assert "Traceback" not in outcome.out + outcome.err
    # It is told again, and made again only where that is asked for.
    again = run(folder)
    assert again.code == 1 and f"failed   own  {failure.what}" in again.out
    assert "ran " not in again.out and "FAILED" not in again.out
    assert made(folder, "--retry") == {"own"}


def test_a_failure_is_made_again_when_its_code_is_mended(parcels: Folder) -> None:
    run(own(parcels, "raise ValueError('no')"))
    failed = current(parcels)["own"]
    trace = parcels.root / f".analysis/experiments/late/failures/{failed.run}.txt"
    assert 'own.py", line 7, in fit' in trace.read_text()
    assert made(own(parcels, "pass")) == {"own"}
    assert current(parcels)["own"].status == "done"


def test_a_budget_is_kept(parcels: Folder) -> None:
    """What an estimator has started ends with it."""
    line = "import subprocess, time; subprocess.Popen(['sleep', '61.7']); time.sleep(60)"
    folder = own(parcels, line)
    path = folder.root / "data/experiments/late.yml"
    path.write_text(path.read_text() + "budget: {max_minutes: 0.05}\n")
    start = time.monotonic()
    outcome = run(folder)
    assert outcome.code == 1 and time.monotonic() - start < 50
    failure = current(folder)["own"].failure
    assert failure is not None and failure.what == "its budget of 0.05 minutes is used up"
    assert current(folder)["own"].seconds.diagnose >= 3
    assert not processes("sleep\x0061.7")


def test_what_fails_only_later_fails_too(parcels: Folder) -> None:
    """Too few predictions, and missing ones."""
    few = "from sklearn.linear_model import LogisticRegression\n\n\n"
    few += "class Own(LogisticRegression):\n    def predict_proba(self, X):\n"
    folder = own(parcels, "pass")
    for line, what in (
        ("return super().predict_proba(X)[:-1]", "values for "),
        ("return super().predict_proba(X) * float('nan')", "is missing (NaN) for "),
    ):
        folder.write("src/own.py", f"{few}        {line}\n")
        assert run(folder).code == 1
        failure = current(folder)["own"].failure
        assert failure is not None and what in failure.what


SLOW = "import time, pathlib; pathlib.Path(__file__).with_name('begun').touch(); time.sleep(40)"


@pytest.fixture
def interrupted(parcels: Folder) -> Iterator[tuple[Folder, subprocess.Popen[str]]]:
    """Give an experiment of which one candidate is done, and another is being fitted."""
    folder = own(parcels, SLOW)
    with subprocess.Popen(
        [ANALYSIS, "experiment", "run", "late", str(folder.root), "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test runner in the background may have this signal switched off.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        until(lambda: (folder.root / "src/begun").exists())
        yield folder, process
        process.kill()


def test_killed(interrupted: tuple[Folder, subprocess.Popen[str]]) -> None:
    """No process goes on, no half run is left, and what was done is not done again."""
    folder, process = interrupted
    process.kill()
    process.communicate()
    until(lambda: not processes(str(folder.root), "multiprocessing"))
    assert {path.name for path in runs(folder)} == {
        path.parent.name for path in runs_with_records(folder)
    }
    (folder.root / "src/own.py").write_text((folder.root / "src/own.py").read_text() + "#\n")
    assert made(quick(folder)) <= {"rate", "logistic"}
    assert len(current(folder)) == 2


def test_ctrl_c(interrupted: tuple[Folder, subprocess.Popen[str]]) -> None:
    folder, process = interrupted
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert told.strip() == "interrupted: what was finished is kept", out
    until(lambda: not processes(str(folder.root), "multiprocessing"))
    assert not [*(folder.root / "data/runs/late").glob(".*")]


def test_an_interrupted_run_goes_on_where_it_stopped(parcels: Folder) -> None:
    """Fold by fold, though one of them was cut short by a power failure, say."""
    count = "import os, pathlib; (pathlib.Path(__file__).parent / f'fit-{os.getpid()}').touch()"
    folder = own(parcels, count)
    killed(
        folder.root,
        "analysis.experiments.running.crew",
        "Crew._end",
        "before",
        *("experiment", "run", "late", "--jobs", "1"),
    )
    [work] = [*(folder.root / ".analysis/experiments/late/runs").glob("*/fold-1.json")]
    assert len([*work.parent.glob("fold-*.json")]) == 1
    killed(
        folder.root,
        "analysis.experiments.running.assemble",
        "write_record",
        "before",
        *("experiment", "run", "late", "--jobs", "1"),
    )
    assert [*(folder.root / "data/runs/late").glob(".new-*")]
    [first] = work.parent.glob("fold-1.npz")
    first.write_bytes(first.read_bytes()[:-40])
    (work.parent / "fold-2.json").write_text('{"seconds": 1')
    outcome = run(folder, "--jobs", "1")
    # Of the first candidate two folds are left, of the others three and the model; one more may
    # have been done while the first was put together.
    assert outcome.code == 0 and re.search("3 to make, in (9|10) fits", outcome.out), outcome
    assert not [*(folder.root / "data/runs/late").glob(".*")]
    assert len([*(folder.root / "src").glob("fit-*")]) == 4


def test_work_that_was_left_by_other_settings_is_not_taken(parcels: Folder) -> None:
    words = ("experiment", "run", "late", "--jobs", "1")
    quick(parcels)
    killed(parcels.root, "analysis.experiments.running.assemble", "write_record", "before", *words)
    quick(parcels, ("learning: false", "learning: {sizes: [0.5, 1]}"))
    assert run(parcels).code == 0
    assert {one.status for one in current(parcels).values()} == {"done"}
    assert not [*(parcels.root / ".analysis/experiments/late").glob("runs/*")]


def test_a_run_that_was_being_replaced_is_not_lost(parcels: Folder) -> None:
    """Killed after the old folder was set aside, before the new one has its place."""
    folder = quick(parcels)
    run(folder)
    found = current(folder)["rate"]
    home = folder.root / "data/runs/late"
    aside = home / ".new-dead"
    aside.mkdir()
    (home / found.run).rename(aside / "replaced")
    (aside / found.run).mkdir()
    for path in (aside / "replaced").iterdir():
        (aside / found.run / path.name).write_bytes(path.read_bytes())
    assert made(folder) == set()
    assert file_of(folder, found, "run.json").exists() and not aside.exists()


def test_two_at_once_wait_for_each_other(parcels: Folder) -> None:
    folder = own(parcels, "import time; time.sleep(1)")
    command = [ANALYSIS, "experiment", "run", "late", str(folder.root), "--jobs", "1"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert sorted(sum(line.startswith("ran ") for line in out.splitlines()) for out, _ in told) == [
        0,
        3,
    ]


def test_where_nothing_can_be_written(parcels: Folder) -> None:
    folder = quick(parcels)
    folder.write("data/runs", "a file")
    outcome = run(folder)
    assert outcome.code == 2 and "Traceback" not in outcome.err
    assert "data/runs" in outcome.err and "run it again" in outcome.err


def test_a_full_disk_is_no_fault_of_a_candidate(parcels: Folder) -> None:
    """Files of workers may not grow: no run is taken for failed, and later all goes on."""
    folder = quick(parcels)
    most = 2_000
    done = subprocess.run(
        [ANALYSIS, "experiment", "run", "late", str(folder.root), "--jobs", "1"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        timeout=120,
    )
    assert done.returncode == 2, done
    assert "run it again" in done.stderr and "Traceback" not in done.stderr
    assert not runs_with_records(folder)
    assert run(folder).code == 0


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    patience = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.05)


def processes(*words: str) -> list[int]:
    """Name the processes, not this one, whose command line or folder has all these words."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            told = (path / "cmdline").read_text() + str((path / "cwd").readlink())
        except OSError:
            continue
        if all(word in told for word in words) and int(path.name) != os.getpid():
            found.append(int(path.name))
    return found


def runs(folder: Folder) -> list[Path]:
    """List the folders below that of the experiment's runs."""
    return [path for path in (folder.root / "data/runs/late").glob("*") if path.is_dir()]


def runs_with_records(folder: Folder) -> list[Path]:
    """List the records of runs that can be read."""
    found = [*(folder.root / "data/runs").glob("late/*/run.json")]
    assert all(json.loads(path.read_text())["status"] for path in found)
    return found
