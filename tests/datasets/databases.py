"""Running a query in another database that has the tables of the sources, and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from tests.helpers.postgres import Postgres

Rows = list[tuple[Any, ...]]
# A table: the types of its columns, as DuckDB calls them, and its rows.
Table = tuple[Mapping[str, str], Rows]
Run = Callable[[str, Mapping[str, Table]], Rows]

_POSTGRES = {"DOUBLE": "double precision", "TIMESTAMP": "timestamp", "VARCHAR": 'text collate "C"'}


def tables_of(con: duckdb.DuckDBPyConnection, conditions: Mapping[str, str]) -> dict[str, Table]:
    """Take the tables of the sources, or some of their rows."""
    found: dict[str, Table] = {}
    for name, condition in conditions.items():
        result = con.execute(f"select * from raw.{name} where {condition}")
        types = {column[0]: str(column[1]) for column in result.description}
        found[name] = (types, result.fetchall())
    return found


def in_duckdb(sql: str, tables: Mapping[str, Table]) -> Rows:
    """Run in an empty DuckDB."""
    with duckdb.connect() as con:
        for name, (types, rows) in tables.items():
            con.execute(_create(name, types, lambda kind: kind))
            if rows:
                con.executemany(f"insert into {name} values ({_places(types, '?')})", rows)
        return sorted_rows(con.execute(sql).fetchall())


def in_sqlite(sql: str, tables: Mapping[str, Table]) -> Rows:
    """Run in SQLite, which has texts where others have times."""
    con = sqlite3.connect(":memory:")
    for name, (types, rows) in tables.items():
        con.execute(_create(name, types, lambda kind: "" if "BOOL" in kind else kind))
        plain = [tuple(_as_sqlite(value) for value in row) for row in rows]
        con.executemany(f"insert into {name} values ({_places(types, '?')})", plain)
    found = con.execute(sql).fetchall()
    con.close()
    return sorted_rows(found)


def in_postgres(server: Postgres) -> Run:
    """Run in a new database of a server."""

    def run(sql: str, tables: Mapping[str, Table]) -> Rows:
        with server.database("inlined") as con:
            for name, (types, rows) in tables.items():
                con.execute(_create(name, types, lambda kind: _POSTGRES.get(kind, kind)))
                with con.cursor().copy(f"copy {name} from stdin") as copy:
                    for row in rows:
                        copy.write_row(row)
            return sorted_rows(con.execute(sql).fetchall())

    return run


def sorted_rows(rows: Sequence[Sequence[Any]]) -> Rows:
    """Sort rows by what they show, with what means the same written alike."""
    return sorted((tuple(_plain(value) for value in row) for row in rows), key=repr)


def _create(name: str, types: Mapping[str, str], kind: Callable[[str], str]) -> str:
    return f"create table {name} ({', '.join(f'{n} {kind(k)}' for n, k in types.items())})"


def _places(types: Mapping[str, str], place: str) -> str:
    return ", ".join(place for _ in types)


def _as_sqlite(value: Any) -> Any:
    return str(value) if isinstance(value, date | datetime) else value


def _plain(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case date():
            return str(value)
        case float() | Decimal():
            return int(value) if value == int(value) else f"{value:.9g}"
    return value
