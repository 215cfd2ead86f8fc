"""Bringing monitoring up to date before pages are planned, so that these see it."""

from __future__ import annotations

import time

from analysis.cli.console import warn
from analysis.errors import AnalysisError
from analysis.lineage.system import PREDICTIONS_FOLDER
from analysis.monitoring.declared.record import FILE
from analysis.project import Project


def refresh_monitoring(project: Project) -> None:
    """Count and measure where logs, labels or what is declared changed; nobody is told of alerts.

    Whatever goes wrong is a warning: pages then show monitoring as it last was.
    """
    if not (project.root / FILE).exists() and not (project.root / PREDICTIONS_FOLDER).is_dir():
        return
    try:
        _refresh(project)
    except AnalysisError as error:
        warn(error.where, f"{error.what}; pages see monitoring as it last was")


def _refresh(project: Project) -> None:
    from datetime import UTC, datetime

    from analysis.models.registry.registry import open_registry
    from analysis.monitoring.updating.real import STEPS
    from analysis.monitoring.updating.update import Update
    from analysis.monitoring.updating.watched import watched

    registry = open_registry(project, refresh=False)
    update = Update(project, registry, datetime.now(UTC), STEPS)
    for monitor in update.stale(watched(project, registry)):
        start = time.perf_counter()
        (done,) = update.all([monitor], lambda model: None)
        if done.error:
            told = f"the monitoring of {monitor.model} is as it last was: {done.error.what}"
            warn(done.error.where, told)
        elif done.measured:
            seconds = time.perf_counter() - start
            print(f"measured {monitor.model} ({seconds:.1f} s)", flush=True)
