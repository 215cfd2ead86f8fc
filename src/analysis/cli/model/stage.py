"""``analysis model stage``: what a version is used for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.models.bundle.record import Stage


def stage(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    to: Annotated[
        str,
        typer.Argument(metavar="STAGE", help="candidate, challenger, champion or retired."),
    ],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for others.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Who does it; default: git's or the system's."),
    ] = None,
) -> None:
    """Bring a version to a stage; a new champion retires the old one.

    A champion is proven: `analysis model validate` has to have passed.

    Example: analysis model stage late-flights@2 champion --why "better since May"
    """
    from analysis.cli.model.staging import bring

    bring(folder, name, _stage(to), why, by)


def _stage(text: str) -> Stage:
    import difflib

    from analysis.errors import ModelError
    from analysis.models.bundle.record import STAGES

    for known in STAGES:
        if text == known:
            return known
    close = difflib.get_close_matches(text, STAGES, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"stages are {', '.join(STAGES)}"
    raise ModelError(f"there is no stage `{text}`", hint=hint)
