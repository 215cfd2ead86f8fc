"""``analysis ingest``: bring the warehouse up to date with its sources and views."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.files import fresh_folder
from analysis.project import Project
from analysis.warehouse.building.plan import Plan, make_plan
from analysis.warehouse.building.record import Record, record_path, write_record

SCRATCH = ".warehouse-"


@dataclass(frozen=True)
class SourceResult:
    """One source in the warehouse; ``seconds`` is what reading or copying it took."""

    name: str
    rows: int
    seconds: float
    changed: bool


@dataclass(frozen=True)
class IngestResult:
    """What an ingest did; sources and views by name, views with their schema."""

    changed: bool
    fingerprint: str
    sources: tuple[SourceResult, ...]
    views: tuple[str, ...]


def ingest(
    project: Project, *, force: bool = False, report: Callable[[str], None] = lambda _: None
) -> IngestResult:
    """Build ``data/warehouse.duckdb`` anew if its sources, their declarations or its views changed.

    ``report`` is told the name of each relation before it is built. ``force`` reads all again.
    The caller holds the project's lock. Until the new warehouse is whole, the old one stays.

    Raises
    ------
    ProjectError
        ``data/sources.yml`` is missing or wrong.
    SourceError
        A source is missing, damaged, or not what was declared.
    ViewError
        A view cannot be created.
    """
    _remove_scratch(project)
    plan = make_plan(project, force=force)
    if plan.old and plan.is_current():
        return _result(plan.old, plan, {})
    record, seconds = _replace_warehouse(plan, project, report)
    return _result(record, plan, seconds)


def _replace_warehouse(
    plan: Plan, project: Project, report: Callable[[str], None]
) -> tuple[Record, Mapping[str, float]]:
    from analysis.warehouse.building.build import build

    target = project.warehouse
    with fresh_folder(target.parent, SCRATCH) as scratch:
        # The file's name is the catalog's name, which a view may use.
        file = scratch / target.name
        record, seconds = build(plan, file, report)
        # The record goes first and comes back last, so that it never tells of another warehouse.
        record_path(project).unlink(missing_ok=True)
        target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
        file.replace(target)
    write_record(record, project)
    return record, seconds


def _remove_scratch(project: Project) -> None:
    """Remove what a killed ingest left."""
    for folder in project.warehouse.parent.glob(f"{SCRATCH}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _result(record: Record, plan: Plan, seconds: Mapping[str, float]) -> IngestResult:
    sources = tuple(
        SourceResult(
            name,
            source.rows,
            seconds.get(name, 0.0),
            changed=bool(seconds) and not plan.is_kept(name),
        )
        for name, source in sorted(record.sources.items())
    )
    return IngestResult(
        changed=record is not plan.old,
        fingerprint=record.fingerprint,
        sources=sources,
        views=tuple(sorted(record.views)),
    )
