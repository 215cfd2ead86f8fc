"""The steps as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.models.registry.registry import Registry, open_registry
from analysis.monitoring.cells.refresh import refresh
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.forgetting.aging import drop_old
from analysis.monitoring.measuring.opened import measure_model
from analysis.monitoring.stored.measured import read_measured
from analysis.monitoring.stored.places import monitoring_folder
from analysis.monitoring.stored.record import Measurement
from analysis.monitoring.updating.steps import Counted, Steps
from analysis.project import Project


def _count(project: Project, registry: Registry, monitor: Monitor, now: datetime) -> Counted:
    done = refresh(project, monitor, registry.kept(monitor.model))
    return Counted(
        begin=done.begin,
        finish=done.finish,
        rows=done.rows,
        labelled=done.labelled,
        duplicates=done.repeated,
        late_labels=done.late,
        duplicate_labels=done.duplicate,
        contradicting_labels=done.contradicting,
        unmatched_labels=done.unmatched,
        notes=done.notes,
    )


def _measure(
    project: Project, registry: Registry, monitor: Monitor, now: datetime
) -> Sequence[Measurement]:
    if not any(monitoring_folder(project, monitor.model).glob("cells/*.parquet")):
        return read_measured(project, monitor.model)
    if monitor.model not in registry.names():
        return measure_model(project, {}, monitor)
    versions = registry.versions(monitor.model)
    return measure_model(project, {one.id: one.bundle for one in versions}, monitor)


def _retain(project: Project, monitor: Monitor, now: datetime) -> Sequence[str]:
    versions = open_registry(project).versions(monitor.model)
    return drop_old(project, monitor, versions[-1].bundle.key if versions else (), now)


STEPS = Steps(_count, _measure, _retain)
