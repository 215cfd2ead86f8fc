"""What may go of an experiment: runs that are no longer current, and work that is left behind."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.experiments.comparing.leaderboard import outdated
from analysis.experiments.running.renewal import renew_without
from analysis.experiments.running.study import FAILURES
from analysis.experiments.runs.record import Run, Summary
from analysis.experiments.runs.store import (
    RECORD,
    folder_of,
    remove_run,
    remove_unfinished,
    run_folder,
    runs_of,
)
from analysis.project import Project

_AGAIN = "rerun-"


@dataclass(frozen=True)
class Superfluous:
    """Runs of an experiment that may go, and pieces of work; their sizes are in bytes."""

    experiment: str
    runs: tuple[tuple[Run, int], ...]
    work: tuple[Path, ...]
    work_size: int

    @property
    def size(self) -> int:
        """Give the bytes that are freed."""
        return sum(size for _, size in self.runs) + self.work_size


def removable(runs: Iterable[Run], summary: Summary, keep: int) -> tuple[Run, ...]:
    """Choose the runs that are not current, but for the newest ``keep`` of them; oldest first."""
    old = sorted(outdated(runs, summary), key=lambda run: (run.created, run.run))
    return tuple(old[: max(0, len(old) - keep)])


def left_behind(work: Collection[str], keys: Collection[str]) -> frozenset[str]:
    """Choose folders of work, by name, that no run goes on with.

    That is work of runs which are on disk, whose keys it is named after, and of reruns that were
    interrupted.
    """
    return frozenset(
        name for name in work if name.startswith(_AGAIN) or name.partition("-")[0] in keys
    )


def superfluous(project: Project, experiment: str, summary: Summary, keep: int) -> Superfluous:
    """Find what may go of an experiment; nothing is changed."""
    runs = runs_of(project, experiment)
    gone = removable(runs, summary, keep)
    work = (
        *_work(project, experiment, {run.key for run in runs}),
        *_tracebacks(project, experiment, [run for run in runs if run not in gone]),
    )
    return Superfluous(
        experiment,
        tuple((run, _size(run_folder(project, run))) for run in gone),
        work,
        sum(_size(path) for path in work),
    )


def remove(project: Project, found: Superfluous, summary: Summary) -> None:
    """Remove what may go, and write anew what is told of the experiment.

    Where no run is left, nothing is told of it any more.
    """
    baseline = _candidate(runs_of(project, found.experiment), summary.baseline)
    for run, _ in found.runs:
        remove_run(project, run)
    for path in found.work:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for folder in (
        _work_of(project, found.experiment) / FAILURES,
        _work_of(project, found.experiment),
    ):
        with contextlib.suppress(OSError):  # not empty, or not there
            folder.rmdir()
    remove_unfinished(project, found.experiment)
    home = folder_of(project, found.experiment)
    if any(home.glob(f"*/{RECORD}")):
        renew_without(project, summary, baseline)
    else:
        shutil.rmtree(home, ignore_errors=True)


def _candidate(runs: Sequence[Run], name: str | None) -> str | None:
    return next((run.candidate for run in runs if run.run == name), None)


def _work(project: Project, experiment: str, keys: Collection[str]) -> tuple[Path, ...]:
    """Give the folders of work that may go: all of it, rows included, if no run is unfinished."""
    home = _work_of(project, experiment)
    there = {path.name: path for path in sorted((home / "runs").glob("*/"))}
    gone = left_behind(there, keys)
    if gone == there.keys():
        return tuple(path for path in sorted(home.glob("*")) if path.name != FAILURES)
    return tuple(path for name, path in there.items() if name in gone)


def _tracebacks(project: Project, experiment: str, kept: Iterable[Run]) -> tuple[Path, ...]:
    """Give the tracebacks of runs that are gone, or did not fail when they were tried again."""
    failed = {run.run for run in kept if run.failure}
    found = sorted((_work_of(project, experiment) / FAILURES).glob("*.txt"))
    return tuple(path for path in found if path.stem not in failed)


def _work_of(project: Project, experiment: str) -> Path:
    return project.work_dir / "experiments" / experiment


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
