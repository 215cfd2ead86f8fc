"""Evaluating the rules of a model on the numbers that are kept of it."""

from __future__ import annotations

from datetime import datetime

from analysis.models.registry.registry import Registry
from analysis.monitoring.alerts.evaluating import Evaluated, evaluate
from analysis.monitoring.alerts.store import read_alerts, write_alerts
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.stored.measured import read_measured
from analysis.project import Project


def judge(project: Project, registry: Registry, monitor: Monitor, now: datetime) -> Evaluated:
    """Bring the alerts of a model up to date, and keep them.

    Raises
    ------
    ProjectError
        The numbers or the alerts are damaged.
    """
    earlier = read_alerts(project, monitor.model)
    numbers = read_measured(project, monitor.model)
    versions = registry.kept(monitor.model).numbers
    found = evaluate(monitor, numbers, earlier, now, versions)
    if earlier is not None or numbers:
        write_alerts(project, monitor.model, found.alerts)
    return found
