"""``analysis monitor alerts``: what is out of its limits, and what was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.monitoring.alerts.record import Alert


def alerts(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    past: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the alerts that are open, as the last check found them.

    Example: analysis monitor alerts --all
    """
    from dataclasses import asdict

    from analysis.cli.experiment.table import table
    from analysis.cli.experiment.words import dumped
    from analysis.cli.monitor.kept import all_alerts
    from analysis.project import find_project

    kept = all_alerts(find_project(folder))
    found = [one for some in kept.values() for one in some if past or one.state != "closed"]
    if as_json:
        print(dumped({"alerts": [asdict(one) for one in found]}))
        return
    if not found:
        print("no alerts" if past else "no alert is open")
        return
    header = ("alert", "model", "severity", "state", "from", "to", "opened", "what")
    for line in table(header, [_row(one) for one in found]):
        print(line)


def _row(alert: Alert) -> tuple[str, ...]:
    from analysis.cli.experiment.words import moment

    return (
        alert.alert,
        alert.model,
        alert.severity,
        alert.state,
        alert.period,
        alert.last_period,
        moment(alert.opened),
        alert.what,
    )
