"""The tables of the sources: taken over from the old warehouse, or read again."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from analysis.lineage.relations import Relation
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import SourceRecord
from analysis.warehouse.building.relations import of_table
from analysis.warehouse.reading.readers import load
from analysis.warehouse.sql import identifier


def build_tables(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    folder: Path,
    relations: dict[str, Relation],
    report: Callable[[str], None],
) -> tuple[dict[str, SourceRecord], dict[str, float]]:
    """Build the tables of the sources, and put what is told of them into ``relations``.

    Raises
    ------
    SourceError
        A source cannot be read.
    """
    con.execute("create schema raw")
    records: dict[str, SourceRecord] = {}
    seconds: dict[str, float] = {}
    for name in sorted(plan.sources.by_name):
        report(f"raw.{name}")
        started = time.perf_counter()
        records[name], relations[f"raw.{name}"] = _build_table(con, name, plan, folder)
        seconds[name] = time.perf_counter() - started
    return records, seconds


def _build_table(
    con: duckdb.DuckDBPyConnection, name: str, plan: Plan, folder: Path
) -> tuple[SourceRecord, Relation]:
    if plan.old and plan.is_kept(name):
        with suppress(duckdb.Error):
            con.execute(f"create table raw.{identifier(name)} as from _old.raw.{identifier(name)}")
            return plan.old.sources[name], plan.old.relations[f"raw.{name}"]
    rows = load(con, name, plan.sources, plan.places[name], folder)
    return SourceRecord(plan.digests[name], rows), of_table(con, f"raw.{name}")
