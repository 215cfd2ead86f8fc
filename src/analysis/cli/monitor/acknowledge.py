"""``analysis monitor acknowledge``: saying that an alert is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def acknowledge(
    alert: Annotated[str, typer.Argument(help="The id of an alert; it may be shortened.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What is known, for others.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Who knows; default: git's or the system's."),
    ] = None,
) -> None:
    """Say that somebody knows of an open alert; a check no longer ends with 1 because of it.

    Example: analysis monitor acknowledge 3fa2c1 --why "a strike, over on Monday"
    """
    from datetime import UTC, datetime

    from analysis.cli.monitor.kept import all_alerts
    from analysis.cli.workflow import locked
    from analysis.models.registry.who import who
    from analysis.monitoring.alerts.acknowledging import acknowledged, find_alert
    from analysis.monitoring.alerts.store import write_alerts
    from analysis.monitoring.updating.monitorfile import renew_status
    from analysis.project import find_project

    project = find_project(folder)
    with locked(project):
        kept = all_alerts(project)
        found = find_alert(alert, kept)
        by = by or who(project.root)
        now = acknowledged(kept[found.model], found, by, why, datetime.now(UTC))
        write_alerts(project, found.model, now)
        renew_status(project, found.model)
    print(f"{found.alert} of {found.model} is acknowledged" + (f" by {by}" if by else ""))
