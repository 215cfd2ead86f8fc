"""The commands of ``analysis monitor``; each is one file beside this one."""

from __future__ import annotations

import typer

from analysis.cli.monitor.labels import labels
from analysis.cli.monitor.sql import sql

monitor = typer.Typer(
    help="Watch models in production: what came true, and what it means.", no_args_is_help=True
)
monitor.command()(labels)
monitor.command()(sql)


@monitor.callback()
def group() -> None:
    """Watch models in production: what came true, and what it means."""
