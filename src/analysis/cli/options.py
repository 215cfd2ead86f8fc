"""Options that several commands share, and what they mean as values."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.documents.outcomes import RunOptions

Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Pages at once; default: all cores.")
]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", min=1, help="Seconds that a cell may take; a page's own value wins."),
]
Preload = Annotated[
    bool,
    typer.Option(
        "--preload/--no-preload",
        help="Fork kernels from a process that has imported the libraries.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run fresh pages too.")]


Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Wait for another run, or end with exit code 2.")
]
Snapshot = Annotated[
    str | None,
    typer.Option(
        "--snapshot", metavar="ID", help="See this snapshot as the warehouse, which stays as it is."
    ),
]
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)I?B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text.strip())
    if not found or not float(found[1]):
        raise typer.BadParameter(f"`{text}` is not a size such as 500MB or 2GB")
    return int(float(found[1]) * _UNITS[found[2].upper()])


Memory = Annotated[
    int | None,
    typer.Option(
        "--max-memory", parser=_size, metavar="SIZE", help="What a page may use, such as 2GB."
    ),
]

MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit",
        callback=lambda text: f"{_size(text)}B" if text else None,
        metavar="SIZE",
        help="What DuckDB may use, such as 2GB; what is larger goes to disk.",
    ),
]


def run_options(
    jobs: int | None = None,
    timeout: float | None = None,
    preload: bool = True,
    force: bool = False,
    memory: int | None = None,
) -> RunOptions:
    """Turn the flags of a command into a value."""
    from analysis.documents.outcomes import RunOptions

    return RunOptions(
        jobs=jobs or os.cpu_count() or 1,
        timeout=timeout,
        preload=preload,
        force=force,
        memory=memory,
    )
