"""Bringing models up to date, as several commands do: what happens, and what goes wrong."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

from analysis.cli.console import describe, passing
from analysis.cli.model.opened import opened
from analysis.monitoring.updating.real import STEPS
from analysis.monitoring.updating.update import Update, Updated
from analysis.monitoring.updating.watched import watched
from analysis.project import Project


def bring_up_to_date(project: Project, names: Sequence[str], now: datetime) -> tuple[Updated, ...]:
    """Update models by their names, or all; one that cannot be is told, and stops no other."""
    registry = opened(project)
    monitors = watched(project, registry, names)
    with passing("counting") as show:
        done = Update(project, registry, now, STEPS).all(monitors, show)
    for one in done:
        if one.error:
            print(f"FAILED   {one.monitor.model}\n{describe(one.error)}", file=sys.stderr)
    return done
