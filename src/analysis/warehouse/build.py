"""Building a whole new warehouse file, source by source and view by view."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from analysis.files import digest
from analysis.warehouse.fingerprints import table_fingerprint, view_fingerprint
from analysis.warehouse.meta import write_meta
from analysis.warehouse.plan import Plan
from analysis.warehouse.readers import load
from analysis.warehouse.record import Record, SourceRecord, ViewRecord
from analysis.warehouse.sql import identifier, literal
from analysis.warehouse.view_sql import create, references
from analysis.warehouse.views import in_order


def build(plan: Plan, file: Path, report: Callable[[str], None]) -> tuple[Record, dict[str, float]]:
    """Write the warehouse of ``plan`` to the new ``file``; its folder is for scratch files.

    Gives the record of what was built, and the seconds that each source took.

    Raises
    ------
    SourceError, ViewError
        A source cannot be read, or a view cannot be created.
    """
    with duckdb.connect(str(file)) as con:
        # A view must not find a Python variable of ours under the name of a table.
        con.execute("set python_enable_replacements = false")
        con.execute("set TimeZone = 'UTC'")
        sources, seconds = _build_tables(con, plan, file.parent, report)
        views = _build_views(con, plan, sources, report)
        write_meta(con, plan.sources, sources)
        meta = {name: table_fingerprint(con, "meta", name) for name in ("sources", "columns")}
        con.execute("checkpoint")
    content = {
        **{f"raw.{name}": record.fingerprint for name, record in sources.items()},
        **{name: record.fingerprint for name, record in views.items()},
        **{f"meta.{name}": fingerprint for name, fingerprint in meta.items()},
    }
    record = Record(
        fingerprint=digest(repr(sorted(content.items())).encode()),
        declared=plan.sources.digest(),
        size=file.stat().st_size,
        sources=sources,
        views=views,
    )
    return record, seconds


def _build_tables(
    con: duckdb.DuckDBPyConnection, plan: Plan, folder: Path, report: Callable[[str], None]
) -> tuple[dict[str, SourceRecord], dict[str, float]]:
    con.execute("create schema raw")
    if plan.old:
        # A damaged old warehouse is no reason to fail: its sources are then read again.
        with suppress(duckdb.Error):
            con.execute(f"attach {literal(str(plan.old_file))} as old (read_only)")
    records: dict[str, SourceRecord] = {}
    seconds: dict[str, float] = {}
    for name in sorted(plan.sources.by_name):
        report(f"raw.{name}")
        started = time.perf_counter()
        records[name] = _build_table(con, name, plan, folder)
        seconds[name] = time.perf_counter() - started
    con.execute("detach database if exists old")
    return records, seconds


def _build_table(
    con: duckdb.DuckDBPyConnection, name: str, plan: Plan, folder: Path
) -> SourceRecord:
    if plan.old and plan.is_kept(name):
        with suppress(duckdb.Error):
            con.execute(f"create table raw.{identifier(name)} as from old.raw.{identifier(name)}")
            return plan.old.sources[name]
    rows = load(con, name, plan.sources, plan.places[name], folder)
    return SourceRecord(plan.digests[name], rows, table_fingerprint(con, "raw", name))


def _build_views(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    sources: Mapping[str, SourceRecord],
    report: Callable[[str], None],
) -> dict[str, ViewRecord]:
    known = {f"raw.{name}": record.fingerprint for name, record in sources.items()}
    named = {view.name: references(con, view) for view in plan.views}
    # From here on nothing but relations can be read.
    con.execute("set enable_external_access = false")
    for schema in sorted({view.schema for view in plan.views}):
        con.execute(f"create schema {identifier(schema)}")
    records: dict[str, ViewRecord] = {}
    for view in in_order(plan.views, named, known):
        report(view.name)
        sql = create(con, view, known)
        read = {reference.name: known[reference.name] for reference in named[view.name]}
        known[view.name] = view_fingerprint(sql, read)
        records[view.name] = ViewRecord(plan.view_digests[view.name], known[view.name])
    return records
