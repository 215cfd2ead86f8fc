"""Running prediction queries on real databases, beside what scikit-learn says."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

import duckdb

from analysis.models.bundle.record import Field

Columns = Mapping[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]

KEY = "id"
_TYPES = {
    "duckdb": {"number": "double", "integer": "bigint", "boolean": "boolean", "category": "text"},
    "sqlite": {"number": "real", "integer": "integer", "boolean": "integer", "category": "text"},
    "postgres": {
        "number": "double precision",
        "integer": "bigint",
        "boolean": "boolean",
        "category": "text",
    },
}


def on_duckdb(sql: str, fields: Sequence[Field], columns: Columns) -> Rows:
    """Run a query over a table ``input`` of DuckDB; give its rows in the order of ``columns``."""
    with duckdb.connect() as con:
        con.execute(_create("duckdb", fields))
        con.executemany(_insert(fields, "?"), _rows(fields, columns))
        return _in_order(con.execute(sql).fetchall())


def on_sqlite(sql: str, fields: Sequence[Field], columns: Columns) -> Rows:
    """Run a query over a table ``input`` of SQLite; give its rows in the order of ``columns``."""
    with closing(sqlite3.connect(":memory:")) as con:
        con.execute(_create("sqlite", fields))
        con.executemany(_insert(fields, "?"), _rows(fields, columns))
        return _in_order(con.execute(sql).fetchall())


def on_postgres(con: Any, sql: str, fields: Sequence[Field], columns: Columns) -> Rows:
    """Run a query over a table ``input`` of PostgreSQL; give its rows in order."""
    con.execute("drop table if exists input")
    con.execute(_create("postgres", fields))
    with con.cursor() as cursor:
        cursor.executemany(_insert(fields, "%s"), _rows(fields, columns))
    return _in_order(con.execute(sql).fetchall())


def plain_field(name: str, kind: Any = "number", categories: Sequence[str] = ()) -> Field:
    """Describe a field of which nothing else matters."""
    return Field(
        name=name,
        type=kind,
        relation="features.some",
        description=None,
        unit=None,
        nullable=True,
        nulls=0.0,
        categories=tuple(categories),
    )


def _create(database: str, fields: Sequence[Field]) -> str:
    listed = ", ".join(f"{_quoted(f.name)} {_TYPES[database][f.type]}" for f in fields)
    return f"create table input ({KEY} bigint, {listed})"


def _insert(fields: Sequence[Field], mark: str) -> str:
    return f"insert into input values ({', '.join([mark] * (len(fields) + 1))})"


def _rows(fields: Sequence[Field], columns: Columns) -> Rows:
    return [
        (number, *values)
        for number, values in enumerate(zip(*(columns[f.name] for f in fields), strict=True))
    ]


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _in_order(rows: Sequence[Any]) -> Rows:
    return sorted((tuple(row) for row in rows), key=lambda row: int(row[0]))
