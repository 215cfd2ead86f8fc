"""The views in the dictionary: what each is, what its columns mean, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from analysis.lineage.columns import split_column
from analysis.lineage.relations import Relation
from analysis.warehouse.building.meanings import Meaning, meanings_of_views
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import ViewRecord
from analysis.warehouse.building.writing import comment_columns, insert_rows
from analysis.warehouse.sql import literal
from analysis.warehouse.views.view import View

# The types of the temporary table ``declared``.
DECLARED = ("varchar", "varchar", "varchar", "varchar", "boolean", "boolean", "varchar")
_LINEAGE = """
create table meta.lineage (
  relation varchar, "column" varchar, from_relation varchar, from_column varchar,
  plain boolean, exact boolean
)
"""
# Where the SQL of a view could not be traced, each of its columns comes from all that it reads.
_EVERYTHING = """
insert into meta.lineage
select r.relation, c.column_name, r.reads, s.column_name, false, false
from meta.reads r
join duckdb_columns() c on c.schema_name || '.' || c.table_name = r.relation
join duckdb_columns() s on s.schema_name || '.' || s.table_name = r.reads
where r.relation = ? and current_database() = all([c.database_name, s.database_name])
"""
_ORIGINS = """
create table meta.origins as
with recursive found (relation, "column", source, source_column) as (
  select relation, "column", from_relation, from_column from meta.lineage
  union
  select f.relation, f."column", l.from_relation, l.from_column
  from found f
  join meta.lineage l on l.relation = f.source and l."column" = f.source_column
)
from found where source like 'raw.%' order by all
"""


def write_views(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    records: Mapping[str, ViewRecord],
    relations: Mapping[str, Relation],
) -> None:
    """Describe the views in ``meta.relations``, in ``declared`` and in comments; write lineage.

    The relation ``meta.reads`` is written already.
    """
    meanings = meanings_of_views(plan, records, relations)
    for view in plan.views:
        _write_relation(con, view, records[view.name], relations[view.name])
        _write_columns(con, view, meanings[view.name])
        _write_comments(con, view, relations[view.name], meanings[view.name])
    _write_lineage(con, records)


def _write_relation(
    con: duckdb.DuckDBPyConnection, view: View, record: ViewRecord, relation: Relation
) -> None:
    header = view.header
    con.execute(
        f"insert into meta.relations values ({', '.join('?' * 15)})",
        [
            *(view.name, view.schema, view.name.partition(".")[2], "view", header.description),
            *(header.owner, list(header.key), header.available_at, header.target),
            *(header.materialized, view.path, view.text),
            *(record.rows, relation.fingerprint, relation.by),
        ],
    )


def _write_columns(
    con: duckdb.DuckDBPyConnection, view: View, meanings: Mapping[str, Meaning]
) -> None:
    schema, _, name = view.name.partition(".")
    rows = [(schema, name, c, m.unit, True, m.pii, m.description) for c, m in meanings.items()]
    insert_rows(con, "declared", DECLARED, rows)


def _write_comments(
    con: duckdb.DuckDBPyConnection,
    view: View,
    relation: Relation,
    meanings: Mapping[str, Meaning],
) -> None:
    if text := view.header.description:
        con.execute(f"comment on {relation.kind} {view.quoted} is {literal(text)}")
    told = [(column, each.description, each.unit) for column, each in meanings.items()]
    comment_columns(con, view.quoted, told)


def _write_lineage(con: duckdb.DuckDBPyConnection, records: Mapping[str, ViewRecord]) -> None:
    con.execute(_LINEAGE)
    rows = [
        (view, column, *split_column(source), origin.plain, True)
        for view, record in sorted(records.items())
        for column, origin in (record.lineage or {}).items()
        for source in origin.columns
    ]
    insert_rows(con, "meta.lineage", ["varchar"] * 4 + ["boolean"] * 2, rows)
    for view, record in sorted(records.items()):
        if record.lineage is None:
            con.execute(_EVERYTHING, [view])
    con.execute(_ORIGINS)
