"""Fingerprints of what is in a relation, computed once, when it is built."""

from __future__ import annotations

import duckdb

from analysis.files import digest


def table_fingerprint(con: duckdb.DuckDBPyConnection, schema: str, name: str) -> str:
    """Fingerprint a table: its columns with their types, and its rows in any order."""
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ? "
        "order by column_index",
        [schema, name],
    ).fetchall()
    # A sum, because two equal rows would cancel out in an xor. The types, because equal numbers
    # hash alike in all integer types.
    content = con.execute(
        f'select count(*), sum(hash(t)::hugeint) from "{schema}"."{name}" t'
    ).fetchall()
    return digest(repr((columns, content)).encode())


def view_fingerprint(sql: str, read: dict[str, str]) -> str:
    """Fingerprint a view: its SQL, without comments and blanks, and all that it reads.

    No data is scanned, and no sum of floating-point numbers can make it differ between two builds
    of the same.
    """
    return digest(repr((sql, sorted(read.items()))).encode())
