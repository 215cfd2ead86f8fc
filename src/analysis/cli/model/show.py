"""``analysis model show``: all that is told of a version of a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Show a version: fields, outputs, metrics, where it comes from, proofs, events, files.

    Without a version, the champion is shown, or the newest if there is none.

    Example: analysis model show late-flights@2
    """
    from analysis.cli.experiment.words import dumped
    from analysis.cli.model.one import lines
    from analysis.cli.model.opened import found, opened
    from analysis.cli.model.words import record
    from analysis.project import find_project

    registry = opened(find_project(folder))
    version, kept = found(registry, name)
    place = f"{registry.shown}/{version.bundle.model}/{version.id}"
    damage = registry.damage(version)
    if as_json:
        print(dumped({**record(version), "folder": place, "damaged": damage}))
        return
    for line in lines(version, kept, place, damage):
        print(line)
