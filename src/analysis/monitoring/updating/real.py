"""The steps as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.models.registry.registry import Registry
from analysis.monitoring.cells.refresh import refresh
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.forgetting.aging import drop_old
from analysis.monitoring.labels.joined import joining
from analysis.monitoring.measuring.opened import measure_model
from analysis.monitoring.stored.measured import read_measured
from analysis.monitoring.stored.places import monitoring_folder
from analysis.monitoring.stored.record import Measurement
from analysis.monitoring.updating.steps import Counted, Steps
from analysis.project import Project


def _count(project: Project, registry: Registry, monitor: Monitor, now: datetime) -> Counted:
    found = refresh(project, monitor, registry.kept(monitor.model))
    return Counted(
        begin=found.begin,
        finish=found.finish,
        rows=found.rows,
        labelled=found.labelled,
        duplicates=found.repeated,
        late_labels=found.late,
        duplicate_labels=found.duplicate,
        contradicting_labels=found.contradicting,
        unmatched_labels=found.unmatched,
        notes=found.notes,
    )


def _measure(
    project: Project, registry: Registry, monitor: Monitor, now: datetime
) -> Sequence[Measurement]:
    if not any(monitoring_folder(project, monitor.model).glob("cells/*.parquet")):
        return read_measured(project, monitor.model)
    versions = registry.kept(monitor.model).versions
    return measure_model(project, {one.id: one.bundle for one in versions}, monitor)


def _retain(project: Project, registry: Registry, monitor: Monitor, now: datetime) -> Sequence[str]:
    how = joining(registry.kept(monitor.model).versions, monitor)
    return drop_old(project, monitor, how, now)


STEPS = Steps(_count, _measure, _retain)
