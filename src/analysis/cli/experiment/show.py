"""``analysis experiment show``: the leaderboard of an experiment, or all of one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An experiment, or a run, which may be shortened.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Show the candidates of an experiment, the best first, or all that is told of a run.

    Example: analysis experiment show late-flights
    """
    from analysis.cli.experiment.names import known_experiments
    from analysis.project import find_project

    project = find_project(folder)
    if name in known_experiments(project):
        from analysis.cli.experiment.board import show_experiment

        show_experiment(project, name, as_json)
    else:
        from analysis.cli.experiment.one import show_run

        show_run(project, name, as_json)
