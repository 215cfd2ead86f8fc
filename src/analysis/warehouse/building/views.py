"""The views, and the tables that are made of them where their header says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

import duckdb

from analysis.lineage.relations import Relation
from analysis.warehouse.building.fingerprints import definition
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import SourceRecord, ViewRecord
from analysis.warehouse.building.relations import may_compare_content, of_table, of_view
from analysis.warehouse.sql import identifier, literal
from analysis.warehouse.views.parse import create, materialize, references
from analysis.warehouse.views.view import View, in_order


def build_views(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    sources: Mapping[str, SourceRecord],
    relations: dict[str, Relation],
    report: Callable[[str], None],
) -> dict[str, ViewRecord]:
    """Create the views, and put what is told of them into ``relations``, which has the tables.

    Raises
    ------
    ViewError
        A view cannot be created.
    """
    named = {view.name: references(con, view) for view in plan.views}
    # From here on nothing but relations can be read, and the files that stand behind them.
    files = [str(p.path) for n, s in sources.items() if s.in_place for p in plan.places[n]]
    con.execute(f"set allowed_paths = [{', '.join(literal(file) for file in files)}]")
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
        reads = tuple(sorted({reference.name for reference in named[view.name]}))
        records[view.name] = _build_view(con, view, reads, plan, sources, relations)
    con.execute("reset threads")
    return records


def _build_view(
    con: duckdb.DuckDBPyConnection,
    view: View,
    reads: tuple[str, ...],
    plan: Plan,
    sources: Mapping[str, SourceRecord],
    relations: dict[str, Relation],
) -> ViewRecord:
    sql = create(con, view, relations)
    defined = definition(sql, {name: relations[name].fingerprint for name in reads})
    known = plan.kept_view(view.name, defined)
    if view.header.materialized:
        relations[view.name] = _build_table(con, view, reads, known)
    else:
        may_compare = may_compare_content(con, view, reads, relations, sources)
        relations[view.name] = known or of_view(con, view, reads, defined, by_content=may_compare)
    return ViewRecord(plan.view_digests[view.name], defined)


def _build_table(
    con: duckdb.DuckDBPyConnection, view: View, reads: tuple[str, ...], known: Relation | None
) -> Relation:
    """Make a table of the view that was just created: of its rows, or of those of the old one."""
    if known and known.kind == "table":
        with suppress(duckdb.Error):
            materialize(con, view, f"from _old.{view.quoted}")
            return known
    materialize(con, view, f"from {view.quoted}")
    table = of_table(con, view.name)
    return Relation(view.name, table.fingerprint, table.columns, reads, "table", "content")
