"""``analysis model retire``: a version that is no longer to be used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def retire(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for others.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Who does it; default: git's or the system's."),
    ] = None,
) -> None:
    """Retire a version: it stays as it is, and is no longer the champion or challenger.

    Example: analysis model retire late-flights@1 --why "learned from wrong times"
    """
    from analysis.cli.model.staging import bring

    bring(folder, name, "retired", why, by)
