"""Options that several commands share, and what they mean as values."""

from __future__ import annotations

import os
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


def run_options(jobs: int | None, timeout: float | None, preload: bool, force: bool) -> RunOptions:
    """Turn the flags of a command into a value."""
    from analysis.documents.outcomes import RunOptions

    return RunOptions(
        jobs=jobs or os.cpu_count() or 1, timeout=timeout, preload=preload, force=force
    )
