"""The tables of the sources: taken over from the old warehouse, or read again."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb

from analysis.errors import Remark
from analysis.lineage.relations import Relation
from analysis.warehouse.building.loading import Loaded, load, scan_in_place
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import SourceRecord
from analysis.warehouse.building.relations import of_table
from analysis.warehouse.contracts.outcome import Outcome
from analysis.warehouse.contracts.queries import KIND, check_queries
from analysis.warehouse.declared.checking import referred
from analysis.warehouse.declared.sources import Sources, rejected_table
from analysis.warehouse.reading.staged import Request
from analysis.warehouse.sql import identifier


def build_tables(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    folder: Path,
    relations: dict[str, Relation],
    report: Callable[[str], None],
) -> tuple[dict[str, SourceRecord], dict[str, float], list[Remark]]:
    """Build the tables of the sources, and put what is told of them into ``relations``.

    Gives a record of each source, the seconds that it took, and warnings.

    Raises
    ------
    SourceError
        A source cannot be read, or breaks its contract.
    """
    con.execute("create schema raw")
    records: dict[str, SourceRecord] = {}
    seconds: dict[str, float] = {}
    warnings: list[Remark] = []
    for name in in_order(plan.sources):
        report(f"raw.{name}")
        started = time.perf_counter()
        request = plan.request(name, folder)
        kept = plan.kept_source(name)
        if kept is None or not _take_over(con, request, kept, plan, relations):
            loaded = load(con, request)
            warnings += loaded.warnings
            kept = _record(loaded, plan.digests[name], request)
            try:
                for table in _tables(name, plan.sources):
                    relations[f"raw.{table}"] = of_table(con, f"raw.{table}")
            except duckdb.Error as problem:
                raise loaded.explain(problem) or problem from None
        records[name] = kept
        seconds[name] = time.perf_counter() - started
    asked = check_queries(con, plan.sources)
    told = {name: _with_queries(record, asked[name]) for name, record in records.items()}
    return told, seconds, warnings


def _with_queries(record: SourceRecord, asked: tuple[Outcome, ...]) -> SourceRecord:
    others = (outcome for outcome in record.outcomes if outcome.kind != KIND)
    return replace(record, outcomes=(*others, *asked))


def in_order(sources: Sources) -> tuple[str, ...]:
    """Sort sources by name, and each after those that it refers to."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        for other in referred(name, sources):
            visit(other)
        ordered.setdefault(name)

    for name in sorted(sources.by_name):
        visit(name)
    return tuple(ordered)


def _take_over(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    kept: SourceRecord,
    plan: Plan,
    relations: dict[str, Relation],
) -> bool:
    """Copy what the old warehouse has of a source; say whether it had all of it."""
    assert plan.old
    try:
        if kept.in_place:
            scan_in_place(con, request)
        for name in _tables(request.name, request.sources):
            if name != request.name or not kept.in_place:
                table = f"raw.{identifier(name)}"
                con.execute(f"create table {table} as from _old.{table}")
            relations[f"raw.{name}"] = plan.old.relations[f"raw.{name}"]
        return True
    except duckdb.Error:
        for name in _tables(request.name, request.sources):
            with suppress(duckdb.Error):
                con.execute(f"drop table if exists raw.{identifier(name)}")
        return False


def _tables(name: str, sources: Sources) -> tuple[str, ...]:
    return (name, rejected_table(name)) if sources.by_name[name].sets_aside else (name,)


def _record(loaded: Loaded, digest: str, request: Request) -> SourceRecord:
    return SourceRecord(
        digest=digest,
        rows=loaded.rows,
        rejected=loaded.rejected,
        newest=loaded.newest.isoformat() if loaded.newest else None,
        in_place=str(request.places[0].path) if loaded.in_place else None,
        outcomes=loaded.outcomes,
    )
