"""``analysis serve compact``: the log of predictions as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def compact(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A model; all that have a log, without.")
    ] = None,
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
) -> None:
    """Put what servers have logged into Parquet, except for what they are writing now.

    Servers do it themselves; this is for what they left when they ended. A part that cannot be read
    is named, and stays; the exit code is then 1.

    Example: analysis serve compact late-flights
    """
    from analysis.errors import ExitCode
    from analysis.project import find_project
    from analysis.service.log.compaction import log_folders

    folders = log_folders(find_project(folder), name)
    failed = [model.name for model in folders if not _compact(model)]
    if not folders:
        print("no predictions were logged yet")
    if failed:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _compact(model: Path) -> bool:
    """Compact the log of one model; what cannot be is named, and holds up no other."""
    from analysis.cli.console import warn
    from analysis.service.log.compaction import compact_log

    try:
        done = compact_log(model)
    except OSError as error:
        warn(None, f"the log of {model.name} cannot be compacted: {error.strerror or error}")
        return False
    removed = f", {done.removed} removed that were before" if done.removed else ""
    print(f"compacted  {model.name}: {_segments(len(done.written))}{removed}", flush=True)
    for why in done.unread:
        warn(None, why)
    return not done.unread


def _segments(count: int) -> str:
    return f"{count} segment{'' if count == 1 else 's'}"
