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

    Servers do it themselves; this is for what they left when they ended.

    Example: analysis serve compact late-flights
    """
    from analysis.project import find_project
    from analysis.service.log.compaction import compact_log, log_folders

    folders = log_folders(find_project(folder), name)
    for model in folders:
        done = compact_log(model)
        removed = f", {done.removed} removed that were before" if done.removed else ""
        print(f"compacted  {model.name}: {_segments(len(done.written))}{removed}")
    if not folders:
        print("no predictions were logged yet")


def _segments(count: int) -> str:
    return f"{count} segment{'' if count == 1 else 's'}"
