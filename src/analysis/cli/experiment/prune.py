"""``analysis experiment prune``: remove runs that are no longer current, and work left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.experiments.running.pruning import Superfluous


def prune(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="An experiment; all of them by default.")
    ] = None,
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="How many of the newest of these runs stay.")
    ] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")
    ] = False,
) -> None:
    """Remove runs of what is no longer declared, and work that no run goes on with.

    Example: analysis experiment prune late-flights --dry-run
    """
    from analysis.cli.console import size
    from analysis.cli.experiment.names import find_experiment, not_run_yet
    from analysis.cli.workflow import locked
    from analysis.experiments.running.pruning import remove, superfluous
    from analysis.experiments.runs.store import experiments_with_runs
    from analysis.project import find_project

    project = find_project(folder)
    freed = 0
    with locked(project):
        for each in [name] if name else experiments_with_runs(project):
            tried = find_experiment(project, each)
            if tried is None:
                print(not_run_yet(each))
                continue
            found = superfluous(project, each, tried.summary, keep)
            _print(found, "would remove" if dry_run else "removed")
            freed += found.size
            if not dry_run:
                remove(project, found, tried.summary)
    print(f"{size(freed)} {'would be freed' if dry_run else 'freed'}")


def _print(found: Superfluous, verb: str) -> None:
    from analysis.cli.console import size

    for run, taken in found.runs:
        print(f"{verb:<8} run {run.run} ({run.experiment}/{run.candidate}, {size(taken)})")
    if found.work:
        print(f"{verb:<8} work of {found.experiment} ({size(found.work_size)})")
