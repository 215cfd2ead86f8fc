"""``analysis monitor check``: whether models are within their limits, and telling if not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.monitoring.updating.update import Updated


def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]…", help="Models; default: all.")
    ] = None,
    notify: Annotated[
        bool, typer.Option("--notify/--no-notify", help="Tell those whom data/monitors.yml names.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Bring models up to date, evaluate their rules, and tell of new alerts and those over.

    Exit code 1 if an alert is open that nobody has acknowledged, or a model could not be checked.

    Example: analysis monitor check
    """
    from datetime import UTC, datetime

    from analysis.cli.experiment.words import dumped
    from analysis.cli.monitor.telling import tell_all
    from analysis.cli.monitor.updating import bring_up_to_date
    from analysis.cli.workflow import locked
    from analysis.errors import ExitCode
    from analysis.project import find_project

    project, now = find_project(Path()), datetime.now(UTC)
    with locked(project):
        done = bring_up_to_date(project, names or [], now)
        if as_json:
            print(dumped({"models": [_record(one) for one in done]}))
        else:
            _print(done)
        if notify:
            tell_all(project, done, now)
    waiting = any(alert.waits for one in done if one.found for alert in one.found.alerts)
    if waiting or any(one.error for one in done):
        raise typer.Exit(ExitCode.SOME_FAILED)


def _print(done: Sequence[Updated]) -> None:
    from analysis.cli.experiment.table import table
    from analysis.cli.monitor.standing import HEADER, rows_of, summary

    found = [(one.monitor, one.found) for one in done if one.found]
    rows = [row for monitor, evaluated in found for row in rows_of(monitor, evaluated)]
    if not rows:
        print("no rule is declared in data/monitors.yml")
        return
    for line in table(HEADER, rows, {5, 6}):
        print(line)
    print(f"\n{summary([alert for _, evaluated in found for alert in evaluated.alerts])}")


def _record(one: Updated) -> dict[str, Any]:
    from dataclasses import asdict

    alerts = one.found.alerts if one.found else ()
    return {
        "model": one.monitor.model,
        "status": one.line.status if one.line else None,
        "reason": one.line.reason if one.line else None,
        "error": str(one.error) if one.error else None,
        "alerts": [asdict(alert) for alert in alerts if alert.state != "closed"],
    }
