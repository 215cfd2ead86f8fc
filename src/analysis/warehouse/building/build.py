"""Building a whole new warehouse file, source by source and view by view."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from analysis.files import digest
from analysis.lineage.relations import Relation
from analysis.warehouse.building.fingerprints import definition
from analysis.warehouse.building.meta import write_meta
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import Record, SourceRecord, ViewRecord
from analysis.warehouse.building.relations import may_compare_content, of_table, of_view
from analysis.warehouse.reading.readers import load
from analysis.warehouse.sql import identifier, literal
from analysis.warehouse.views.parse import create, references
from analysis.warehouse.views.view import in_order


def build(plan: Plan, file: Path, report: Callable[[str], None]) -> tuple[Record, dict[str, float]]:
    """Write the warehouse of ``plan`` to the new ``file``; its folder is for scratch files.

    Gives the record of what was built, and the seconds that each source took.

    Raises
    ------
    SourceError, ViewError
        A source cannot be read, or a view cannot be created.
    """
    relations: dict[str, Relation] = {}
    with duckdb.connect(str(file)) as con:
        # A view must not find a Python variable of ours under the name of a table.
        con.execute("set python_enable_replacements = false")
        con.execute("set TimeZone = 'UTC'")
        _lay_out_alike(con)
        sources, seconds = _build_tables(con, plan, file.parent, relations, report)
        views = _build_views(con, plan, sources, relations, report)
        write_meta(con, plan.sources, sources, relations)
        for name in ("meta.sources", "meta.columns"):
            relations[name] = of_table(con, name)
        con.execute("checkpoint")
    content = {name: relation.fingerprint for name, relation in relations.items()}
    record = Record(
        fingerprint=digest(repr(sorted(content.items())).encode()),
        declared=plan.sources.digest(),
        size=file.stat().st_size,
        sources=sources,
        views=views,
        relations=relations,
    )
    return record, seconds


def _lay_out_alike(con: duckdb.DuckDBPyConnection) -> None:
    """Use two threads or more, which cut a file into the same groups of rows; one does not."""
    if con.execute("select current_setting('threads')").fetchall() == [(1,)]:
        con.execute("set threads = 2")


def _build_tables(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    folder: Path,
    relations: dict[str, Relation],
    report: Callable[[str], None],
) -> tuple[dict[str, SourceRecord], dict[str, float]]:
    """Build the tables of the sources, and put what is told of them into ``relations``."""
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
        records[name], relations[f"raw.{name}"] = _build_table(con, name, plan, folder)
        seconds[name] = time.perf_counter() - started
    con.execute("detach database if exists old")
    return records, seconds


def _build_table(
    con: duckdb.DuckDBPyConnection, name: str, plan: Plan, folder: Path
) -> tuple[SourceRecord, Relation]:
    if plan.old and plan.is_kept(name):
        with suppress(duckdb.Error):
            con.execute(f"create table raw.{identifier(name)} as from old.raw.{identifier(name)}")
            return plan.old.sources[name], plan.old.relations[f"raw.{name}"]
    rows = load(con, name, plan.sources, plan.places[name], folder)
    return SourceRecord(plan.digests[name], rows), of_table(con, f"raw.{name}")


def _build_views(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    sources: Mapping[str, SourceRecord],
    relations: dict[str, Relation],
    report: Callable[[str], None],
) -> dict[str, ViewRecord]:
    """Create the views, and put what is told of them into ``relations``, which has the tables."""
    named = {view.name: references(con, view) for view in plan.views}
    # From here on nothing but relations can be read.
    con.execute("set enable_external_access = false")
    # The last digits of a sum of floating-point numbers depend on the order in which threads are
    # done, and on how the table is compressed.
    con.execute("checkpoint")
    con.execute("set threads = 1")
    for schema in sorted({view.schema for view in plan.views}):
        con.execute(f"create schema {identifier(schema)}")
    records: dict[str, ViewRecord] = {}
    for view in in_order(plan.views, named, tuple(relations)):
        report(view.name)
        sql = create(con, view, relations)
        reads = tuple(sorted({reference.name for reference in named[view.name]}))
        defined = definition(sql, {name: relations[name].fingerprint for name in reads})
        records[view.name] = ViewRecord(plan.view_digests[view.name], defined)
        relations[view.name] = plan.kept_view(view.name, defined) or of_view(
            con,
            view,
            reads,
            defined,
            by_content=may_compare_content(con, view, reads, relations, sources),
        )
    con.execute("reset threads")
    return records
