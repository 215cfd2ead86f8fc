"""Telling of alerts, and of those who could not be told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from analysis.cli.console import describe
from analysis.monitoring.alerts.sending import send
from analysis.monitoring.alerts.store import write_alerts
from analysis.monitoring.alerts.telling import tell
from analysis.monitoring.updating.update import Updated
from analysis.project import Project


def tell_all(project: Project, done: Sequence[Updated], now: datetime) -> None:
    """Tell of the alerts of models; who cannot be told is named, and told the next time."""
    for one in done:
        if one.found is None:
            continue
        keep = partial(write_alerts, project, one.monitor.model)
        for error in tell(one.monitor, one.found.alerts, now, send, keep):
            print(describe(error), file=sys.stderr)
