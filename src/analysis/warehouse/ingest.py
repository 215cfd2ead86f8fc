"""``analysis ingest``: bring the warehouse up to date with its sources and views."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import Remark, SourceError
from analysis.files import fresh_folder
from analysis.project import Project
from analysis.warehouse.building.lock import check_lock, read_lock, write_lock
from analysis.warehouse.building.plan import Plan, make_plan
from analysis.warehouse.building.record import Record, record_path, write_record
from analysis.warehouse.building.unchanged import check_unchanged
from analysis.warehouse.contracts.bounds import freshness
from analysis.warehouse.contracts.outcome import declared_at
from analysis.warehouse.declared.sources import Sources

if TYPE_CHECKING:
    from analysis.warehouse.building.build import Built

SCRATCH = ".warehouse-"


@dataclass(frozen=True)
class SourceResult:
    """One source in the warehouse; ``seconds`` is what reading or copying it took."""

    name: str
    rows: int
    seconds: float
    changed: bool
    rejected: int = 0


@dataclass(frozen=True)
class IngestResult:
    """What an ingest did; sources and views by name, views with their schema."""

    changed: bool
    fingerprint: str
    sources: tuple[SourceResult, ...]
    views: tuple[str, ...]
    warnings: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class IngestOptions:
    """How to ingest.

    ``force`` reads all again; ``accept`` records sources that changed without notice.
    ``memory_limit`` is what DuckDB may use, such as ``2GB``.
    """

    force: bool = False
    accept: bool = False
    memory_limit: str | None = None


def ingest(
    project: Project,
    options: IngestOptions = IngestOptions(),
    report: Callable[[str], None] = lambda _: None,
) -> IngestResult:
    """Build ``data/warehouse.duckdb`` anew if its sources, their declarations or its views changed.

    ``report`` is told the name of each relation before it is built. The caller holds the project's
    lock. Until the new warehouse is whole, the old one stays.

    Raises
    ------
    ProjectError
        ``data/sources.yml`` is missing or wrong.
    SourceError
        A source is missing, damaged, changed without notice, or not what was declared.
    ViewError
        A view cannot be created.
    """
    _remove_scratch(project)
    plan = make_plan(project, force=options.force, accept=options.accept)
    locked = {} if options.accept else read_lock(project)
    told = check_lock(plan.sources, locked, plan.checksums)
    told += tuple(_stale(plan))
    if plan.old and plan.is_current():
        write_lock(project, plan.checksums)
        return _result(plan.old, plan, {}, told)
    built = _replace_warehouse(plan, project, report, options.memory_limit)
    write_lock(project, plan.checksums)
    told += (*built.warnings, *_broken(built.record, plan.sources))
    return _result(built.record, plan, built.seconds, told)


def _stale(plan: Plan) -> Iterator[Remark]:
    """Look at the age of sources that are not read again.

    Raises
    ------
    SourceError
        One is older than its contract allows.
    """
    for name, source in plan.sources.by_name.items():
        if (known := plan.kept_source(name)) is None:
            continue
        newest = datetime.fromisoformat(known.newest) if known.newest else None
        for outcome in freshness(source, newest, datetime.now(UTC)):
            if outcome.passed:
                continue
            if outcome.policy == "fail":
                raise SourceError(
                    f"the source `{name}` breaks its contract: {outcome.said}",
                    plan.sources.where(name, "contract", "fresh"),
                    "get newer data, or correct the contract",
                )
            where = plan.sources.where(name, "contract", "fresh")
            yield Remark(f"the source `{name}`: {outcome.said}", where)


def _broken(record: Record, sources: Sources) -> Iterator[Remark]:
    """Tell of the rules that were broken, and of the rows that were set aside."""
    for name, source in sorted(record.sources.items()):
        for outcome in source.outcomes:
            if not outcome.passed and outcome.kind != "freshness":
                is_aside = outcome.policy == "quarantine"
                aside = f", set aside in raw.{name}__rejected" if is_aside else ""
                what = f"the source `{name}`: {outcome.said}{aside}"
                yield Remark(what, declared_at(outcome, name, sources))


def _replace_warehouse(
    plan: Plan, project: Project, report: Callable[[str], None], memory_limit: str | None
) -> Built:
    from analysis.warehouse.building.build import build
    from analysis.warehouse.building.space import enough_space

    target = project.warehouse
    with enough_space(), fresh_folder(target.parent, SCRATCH) as scratch:
        # The file's name is the catalog's name, which a view may use.
        file = scratch / target.name
        built = build(plan, file, report, memory_limit)
        check_unchanged(plan)
        put_in_place(file, project)
    write_record(built.record, target)
    return built


def put_in_place(file: Path, project: Project) -> None:
    """Make ``file`` the warehouse in one rename; the caller writes its record afterwards.

    The record goes first and comes back last, so that it never tells of another warehouse.
    """
    target = project.warehouse
    record_path(target).unlink(missing_ok=True)
    target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
    file.replace(target)


def _remove_scratch(project: Project) -> None:
    """Remove what a killed ingest left."""
    for folder in project.warehouse.parent.glob(f"{SCRATCH}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _result(
    record: Record, plan: Plan, seconds: Mapping[str, float], warnings: tuple[Remark, ...]
) -> IngestResult:
    sources = tuple(
        SourceResult(
            name,
            source.rows,
            seconds.get(name, 0.0),
            changed=bool(seconds) and not plan.is_kept(name),
            rejected=source.rejected,
        )
        for name, source in sorted(record.sources.items())
    )
    return IngestResult(
        changed=record is not plan.old,
        fingerprint=record.fingerprint,
        sources=sources,
        views=tuple(sorted(record.views)),
        warnings=warnings,
    )
