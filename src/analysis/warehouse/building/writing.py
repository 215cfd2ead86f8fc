"""Writing the dictionary quickly, however many columns there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from analysis.warehouse.sql import identifier, literal

# With each comment DuckDB writes all columns of the relation anew.
MOST_COMMENTED = 500


def insert_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    types: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert many rows in one statement: one statement a row takes a hundred times as long."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        each = ", ".join(f"unnest(?::{kind}[])" for kind in types)
        con.execute(f"insert into {table} select {each}", columns)


def comment_columns(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    meanings: Sequence[tuple[str, str | None, str | None]],
) -> None:
    """Comment columns of the quoted ``relation``: name, description and unit of each.

    Where there are very many, ``meta.columns`` alone has to do.
    """
    if len(meanings) > MOST_COMMENTED:
        return
    for column, description, unit in meanings:
        if description:
            told = literal(description + (f" ({unit})" if unit else ""))
            con.execute(f"comment on column {relation}.{identifier(column)} is {told}")
