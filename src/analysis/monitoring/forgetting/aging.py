"""Removing what is older than is declared to be kept, where it was counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.forgetting.retain import Dropped, retain
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.stored.places import monitoring_folder
from analysis.project import Project
from analysis.warehouse.opened import in_memory
from analysis.warehouse.sql import files

_TRAINING = "training-"


def drop_old(project: Project, monitor: Monitor, how: Joining, now: datetime) -> tuple[str, ...]:
    """Remove rows of a model as its monitor declares; say what was removed, in sentences.

    Only days go of which there are counts.

    Raises
    ------
    ModelError
        A part of the log cannot be read.
    OSError
        There is no room.
    """
    if monitor.retain_days is None:
        return ()
    time = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now

    @cache
    def counted() -> frozenset[date]:
        return _counted(project, monitor.model)

    done = retain(
        project, monitor.model, how, monitor.retain_days, time, lambda day: day in counted()
    )
    return tuple(_said(done, monitor.retain_days))


def _counted(project: Project, model: str) -> frozenset[date]:
    folder = monitoring_folder(project, model) / "cells"
    paths = [one for one in folder.glob("*.parquet") if not one.name.startswith(_TRAINING)]
    if not paths:
        return frozenset()
    with in_memory(project.work_dir) as con:
        source = f"read_parquet({files(paths)}, union_by_name = true)"
        rows = con.execute(f"select distinct day from {source} where origin = 'production'")
        return frozenset(row[0] for row in rows.fetchall())


def _said(done: Dropped, days: int) -> Iterator[str]:
    if done.rows or done.labels:
        yield (
            f"{done.rows:,} predictions and {done.labels:,} labels that are older than {days} days "
            f"were removed; counts of days before {done.kept_from} stay as they are"
        )
