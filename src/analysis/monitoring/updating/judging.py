"""Evaluating the rules of a model on its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.models.registry.registry import Registry
from analysis.monitoring.alerts.evaluating import Evaluated, evaluate
from analysis.monitoring.alerts.store import read_alerts, write_alerts
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.stored.record import Measurement
from analysis.project import Project


def judge(
    project: Project,
    registry: Registry,
    monitor: Monitor,
    numbers: Sequence[Measurement],
    now: datetime,
) -> Evaluated:
    """Bring the alerts of a model up to date, and keep them.

    Raises
    ------
    ProjectError
        The alerts that are kept are damaged.
    """
    earlier = read_alerts(project, monitor.model)
    versions = registry.kept(monitor.model).numbers
    found = evaluate(monitor, numbers, earlier, now, versions)
    if earlier is not None or numbers:
        write_alerts(project, monitor.model, found.alerts)
    return found
