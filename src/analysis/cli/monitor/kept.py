"""The alerts that are kept, of all models."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.lineage.system import ALERTS, MONITORING_FOLDER
from analysis.monitoring.alerts.record import Alert
from analysis.monitoring.alerts.store import read_alerts
from analysis.project import Project


def all_alerts(project: Project) -> Mapping[str, tuple[Alert, ...]]:
    """Read the alerts of each model that has any.

    Raises
    ------
    ProjectError
        They are damaged.
    """
    files = sorted((project.root / MONITORING_FOLDER).glob(ALERTS))
    return {file.parent.name: read_alerts(project, file.parent.name) or () for file in files}
