"""The views, and the tables that are made of them where their header says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import duckdb

from analysis.lineage.relations import Relation
from analysis.warehouse.building.fingerprints import column_types, definition
from analysis.warehouse.building.lineage import add_lineage
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import SourceRecord, ViewRecord
from analysis.warehouse.building.relations import may_compare_content, of_table, of_view
from analysis.warehouse.sql import identifier, literal
from analysis.warehouse.views.checks import check_header
from analysis.warehouse.views.parse import create, materialize, references, replace_by_table
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
    reads = {name: tuple(sorted({r.name for r in found})) for name, found in named.items()}
    rows = {f"raw.{name}": source.rows for name, source in sources.items()}
    records: dict[str, ViewRecord] = {}
    for view in in_order(plan.views, named, tuple(relations)):
        report(view.name)
        records[view.name] = _build_view(con, view, reads[view.name], plan, rows, relations)
        relations[view.name] = replace(relations[view.name], role=view.header.role)
    con.execute("reset threads")
    return add_lineage(con, plan, records, reads)


def _build_view(
    con: duckdb.DuckDBPyConnection,
    view: View,
    reads: tuple[str, ...],
    plan: Plan,
    rows: dict[str, int],
    relations: dict[str, Relation],
) -> ViewRecord:
    sql = create(con, view, relations)
    check_header(view, dict(column_types(con, view.quoted)))
    defined = definition(sql, {name: relations[name].fingerprint for name in reads})
    record = ViewRecord(plan.view_digests[view.name], defined)
    known = plan.kept_view(view.name, defined)
    if not view.header.materialized:
        if known is None or known.kind == "table":
            may_compare = may_compare_content(con, view, reads, relations, rows)
            known = of_view(con, view, reads, defined, by_content=may_compare)
        relations[view.name] = known
        return record
    relations[view.name] = _build_table(con, view, reads, known)
    [(rows[view.name],)] = con.execute(f"select count(*) from {view.quoted}").fetchall()
    return replace(record, rows=rows[view.name])


def _build_table(
    con: duckdb.DuckDBPyConnection, view: View, reads: tuple[str, ...], known: Relation | None
) -> Relation:
    """Make a table of the view that was just created: of its rows, or of those of the old one."""
    if known and known.kind == "table":
        try:
            replace_by_table(con, view, f"from _old.{view.quoted}")
            return known
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            # The old warehouse is damaged: the rows are computed again.
            pass
    materialize(con, view)
    table = of_table(con, view.name)
    return Relation(view.name, table.fingerprint, table.columns, reads, "table", "content")
