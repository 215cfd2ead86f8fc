"""The dictionary in the warehouse: comments, ``meta.sources`` and ``meta.columns``."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from analysis.lineage.relations import Relation
from analysis.warehouse.building.record import SourceRecord
from analysis.warehouse.declared.sources import Sources
from analysis.warehouse.sql import identifier, literal

_SOURCES = """
create table meta.sources (
  name varchar, description varchar, owner varchar, licence varchar, update varchar, kind varchar,
  distribution varchar, path varchar, time varchar, rows bigint, fingerprint varchar
)
"""
_DECLARED = """
create temp table declared (
  relation varchar, name varchar, unit varchar, nullable boolean, description varchar
)
"""
_COLUMNS = """
create table meta.columns as
select
  c.schema_name as schema, c.table_name as relation, c.column_index as position,
  c.column_name as name, c.data_type as type, d.unit, coalesce(d.nullable, true) as nullable,
  d.description
from duckdb_columns() c
left join declared d
  on c.schema_name = 'raw' and c.table_name = d.relation and c.column_name = d.name
where not c.internal and c.database_name = current_database() and c.schema_name <> 'meta'
order by all
"""


def write_meta(
    con: duckdb.DuckDBPyConnection,
    sources: Sources,
    records: Mapping[str, SourceRecord],
    relations: Mapping[str, Relation],
) -> None:
    """Describe all relations: in comments, and in relations of the schema ``meta``."""
    con.execute("create schema meta")
    con.execute(_SOURCES)
    con.execute(_DECLARED)
    for name, source in sorted(sources.by_name.items()):
        con.execute(
            f"insert into meta.sources values ({', '.join('?' * 11)})",
            [
                *(name, source.description, source.owner, source.licence, source.update),
                *(source.kind, source.distribution, source.path, source.time),
                *(records[name].rows, relations[f"raw.{name}"].fingerprint),
            ],
        )
        con.executemany(
            "insert into declared values (?, ?, ?, ?, ?)",
            [
                (name, column, spec.unit, spec.nullable, spec.description or None)
                for column, spec in source.columns.items()
            ],
        )
        _comment(con, name, sources)
    con.execute(_COLUMNS)


def _comment(con: duckdb.DuckDBPyConnection, name: str, sources: Sources) -> None:
    source = sources.by_name[name]
    table = f"raw.{identifier(name)}"
    con.execute(f"comment on table {table} is {literal(source.description)}")
    for column, spec in source.columns.items():
        if spec.description:
            text = spec.description + (f" ({spec.unit})" if spec.unit else "")
            con.execute(f"comment on column {table}.{identifier(column)} is {literal(text)}")
