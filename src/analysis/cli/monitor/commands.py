"""The commands of ``analysis monitor``; each is one file beside this one."""

from __future__ import annotations

import typer

monitor = typer.Typer(
    help="Watch models in production: what came true, and what it means.", no_args_is_help=True
)


@monitor.callback()
def group() -> None:
    """Watch models in production: what came true, and what it means."""
