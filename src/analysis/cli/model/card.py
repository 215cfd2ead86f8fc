"""``analysis model card``: the model card of a version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def card(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
) -> None:
    """Print the model card of a version, in Markdown.

    Example: analysis model card late-flights > card.md
    """
    from analysis.cli.model.opened import found, opened
    from analysis.models.bundle.record import CARD
    from analysis.project import find_project

    registry = opened(find_project(folder))
    version, _ = found(registry, name)
    print(registry.text(version, CARD), end="")
