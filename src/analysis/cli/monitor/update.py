"""``analysis monitor update``: counting, measuring and evaluating what is new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.monitoring.updating.update import Updated


def update(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]…", help="Models; default: all.")
    ] = None,
) -> None:
    """Count new predictions and labels, measure, and evaluate the alerts; nobody is told of them.

    A model that cannot be brought up to date stops no other. Exit code 1 then.

    Example: analysis monitor update late-flights
    """
    from datetime import UTC, datetime

    from analysis.cli.monitor.updating import bring_up_to_date
    from analysis.cli.workflow import locked
    from analysis.errors import ExitCode
    from analysis.project import find_project

    project = find_project(Path())
    with locked(project):
        done = bring_up_to_date(project, names or [], datetime.now(UTC))
    for one in done:
        if one.line:
            print(_said(one))
        for removed in one.removed:
            print(f"removed   {one.monitor.model}: {removed}")
    if not done:
        print("no model is monitored: none has a log, and data/monitors.yml declares none")
    if any(one.error for one in done):
        raise typer.Exit(ExitCode.SOME_FAILED)


def _said(one: Updated) -> str:
    assert one.line is not None
    line = one.line
    what = "measured" if one.measured else "as before"
    rows = f"{line.rows:,} predictions, {line.labelled:,} with a label"
    return f"{what:<9} {line.model}: {rows}; {line.status}: {line.reason}"
