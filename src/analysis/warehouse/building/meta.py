"""The dictionary in the warehouse: comments, and what the schema ``meta`` says of relations."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from analysis.lineage.relations import Relation
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import SourceRecord, ViewRecord
from analysis.warehouse.building.viewmeta import DECLARED, write_views
from analysis.warehouse.building.writing import comment_columns, insert_rows
from analysis.warehouse.contracts.outcome import Outcome
from analysis.warehouse.contracts.quarantine import OWN
from analysis.warehouse.declared.sources import Sources
from analysis.warehouse.sql import identifier, literal

# The relations that are built here.
META = (
    *("meta.sources", "meta.columns", "meta.checks", "meta.relations", "meta.reads"),
    *("meta.lineage", "meta.origins", "meta.personal"),
)

_SOURCES = """
create table meta.sources (
  name varchar, description varchar, owner varchar, licence varchar, update varchar, kind varchar,
  distribution varchar, path varchar, time varchar, rows bigint, fingerprint varchar,
  on_violation varchar, rejected bigint, newest timestamp
)
"""
_CHECKS = """
create table meta.checks (
  source varchar, name varchar, kind varchar, columns varchar[], on_violation varchar,
  violations bigint, passed boolean, detail varchar
)
"""
_RELATIONS = """
create table meta.relations (
  name varchar, schema varchar, relation varchar, kind varchar, description varchar, owner varchar,
  key varchar[], available_at varchar, target varchar, materialized boolean, path varchar,
  sql varchar, rows bigint, fingerprint varchar, compared_by varchar
)
"""
_READS = "create table meta.reads (relation varchar, reads varchar)"
_DECLARED = """
create temp table declared (
  schema varchar, relation varchar, name varchar, unit varchar, nullable boolean, pii boolean,
  description varchar
)
"""
_COLUMNS = """
create table meta.columns as
select
  c.schema_name as schema, c.table_name as relation, c.column_index as position,
  c.column_name as name, c.data_type as type, d.unit, coalesce(d.nullable, true) as nullable,
  coalesce(d.pii, false) as pii, d.description
from duckdb_columns() c
left join declared d
  on d.schema = c.schema_name and d.name = c.column_name
  and d.relation =
    if(c.schema_name = 'raw', regexp_replace(c.table_name, '__rejected$', ''), c.table_name)
where not c.internal and c.database_name = current_database() and c.schema_name <> 'meta'
order by all
"""
# Every table on a page depends on this, so it holds nothing that changes without need.
_PERSONAL = """
create table meta.personal as
select schema || '.' || relation as relation, name from meta.columns where pii order by all
"""


def write_meta(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    records: Mapping[str, SourceRecord],
    views: Mapping[str, ViewRecord],
    relations: Mapping[str, Relation],
) -> None:
    """Describe all relations: in comments, and in relations of the schema ``meta``."""
    con.execute("create schema meta")
    for statement in (_SOURCES, _CHECKS, _RELATIONS, _READS, _DECLARED):
        con.execute(statement)
    for name in sorted(plan.sources.by_name):
        _write_source(con, name, plan.sources, records[name], relations[f"raw.{name}"])
        _write_checks(con, name, records[name].outcomes)
    for name, relation in sorted(relations.items()):
        for read in relation.reads:
            con.execute("insert into meta.reads values (?, ?)", [name, read])
    write_views(con, plan, views, relations)
    con.execute(_COLUMNS)
    con.execute(_PERSONAL)


def _write_source(
    con: duckdb.DuckDBPyConnection,
    name: str,
    sources: Sources,
    record: SourceRecord,
    relation: Relation,
) -> None:
    source = sources.by_name[name]
    con.execute(
        f"insert into meta.sources values ({', '.join('?' * 14)})",
        [
            *(name, source.description, source.owner, source.licence, source.updated),
            *(source.kind, source.distribution, source.place, source.time),
            *(record.rows, relation.fingerprint),
            *(source.on_violation, record.rejected, record.newest),
        ],
    )
    con.execute(
        f"insert into meta.relations values ({', '.join('?' * 15)})",
        [
            *(relation.name, "raw", name, "source", source.description, source.owner),
            *(list(source.contract.key), source.time, None, False, sources.yaml.path, None),
            *(record.rows, relation.fingerprint, relation.by),
        ],
    )
    rows = [
        ("raw", name, column, spec.unit, spec.nullable, spec.pii, spec.description or None)
        for column, spec in source.columns.items()
    ]
    if source.sets_aside:
        rows += [("raw", name, column, None, True, False, text) for column, text in OWN.items()]
    insert_rows(con, "declared", DECLARED, rows)
    kept = {column: spec for column, spec in source.columns.items() if spec.protect != "drop"}
    told = [(column, spec.description, spec.unit) for column, spec in kept.items()]
    comment_columns(con, f"raw.{identifier(name)}", told)
    kind = "view" if record.in_place else "table"
    con.execute(f"comment on {kind} raw.{identifier(name)} is {literal(source.description)}")


def _write_checks(con: duckdb.DuckDBPyConnection, name: str, outcomes: tuple[Outcome, ...]) -> None:
    types = (*("varchar",) * 3, "varchar[]", "varchar", "bigint", "boolean", "varchar")
    rows = [
        (name, o.name, o.kind, list(o.columns), o.policy, o.violations, o.passed, o.said or None)
        for o in outcomes
    ]
    insert_rows(con, "meta.checks", types, rows)
