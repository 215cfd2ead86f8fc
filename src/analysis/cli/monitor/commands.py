"""The commands of ``analysis monitor``; each is one file beside this one."""

from __future__ import annotations

import typer

from analysis.cli.monitor.acknowledge import acknowledge
from analysis.cli.monitor.alerts import alerts
from analysis.cli.monitor.check import check
from analysis.cli.monitor.forget import forget
from analysis.cli.monitor.labels import labels
from analysis.cli.monitor.replay import replay
from analysis.cli.monitor.sql import sql
from analysis.cli.monitor.update import update

monitor = typer.Typer(
    help="Watch models in production: what came true, and what it means.", no_args_is_help=True
)
for command in (labels, replay, update, check, alerts, acknowledge, forget, sql):
    monitor.command()(command)


@monitor.callback()
def group() -> None:
    """Watch models in production: what came true, and what it means."""
