"""``analysis experiment rerun``: make a run once more, and say whether it is the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.errors import ExitCode

if TYPE_CHECKING:
    from analysis.experiments.comparing.changes import Change
    from analysis.experiments.running.rerun import Rerun


def rerun(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run; may be shortened.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Fits at once; default: all cores.")
    ] = None,
) -> None:
    """Make a run once more: its metrics are the same, or it is told what differs.

    The run stays as it is. Where all is the same, its predictions and its model are put back if
    they are missing. Ends with exit code 1 if a metric differs.

    Example: analysis experiment rerun 3fa9c0
    """
    from analysis.cli.experiment.progress import progress
    from analysis.cli.workflow import locked
    from analysis.experiments.running.rerun import rerun as make_again
    from analysis.experiments.runs.store import find_run
    from analysis.project import find_project

    project = find_project(folder)
    with locked(project):
        found = find_run(project, run)
        wanted = jobs or os.cpu_count() or 1
        with progress(wanted) as shown:
            done = make_again(project, found, wanted, shown.report)
    _print(done)
    if not done.same:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _print(done: Rerun) -> None:
    folds = len(done.run.folds)
    if done.same:
        print(f"the same: every metric of {folds} folds, to the last digit")
    for difference in done.metrics:
        print(f"differs  {_told(difference)}")
    for cause in done.causes:
        print(f"changed  {_told(cause)}")
    if not done.same and not done.causes:
        print("nothing that is recorded of the run has changed: its estimator is left to chance")
    for name in done.restored:
        print(f"restored {name}")


def _told(change: Change) -> str:
    from analysis.experiments.comparing.changes import MISSING

    if change.then == MISSING:
        return f"{change.name}: is new"
    if change.now == MISSING:
        return f"{change.name}: is gone"
    return f"{change.name}: {change.then} → {change.now}"
