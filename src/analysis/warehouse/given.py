"""A query over rows that are given, in a database of its own that is gone afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from analysis.errors import DatasetError
from analysis.warehouse.sql import identifier

VERSION: str = duckdb.__version__


def run_over(
    relation: str,
    types: Mapping[str, str],
    columns: Mapping[str, Sequence[Any]],
    query: str,
) -> list[dict[str, Any]]:
    """Run ``query`` in a database that has only ``relation``; give its rows, by column.

    ``types`` are those of the relation's columns. The query reaches no file, and no network.

    Raises
    ------
    DatasetError
        DuckDB refuses the query, or a value.
    """
    told = ", ".join(f"{identifier(name)} {kind}" for name, kind in types.items())
    values = ", ".join(f"unnest(?::{kind}[])" for kind in types.values())
    try:
        with duckdb.connect(config={"enable_external_access": "false"}) as con:
            con.execute(f"create table {identifier(relation)} ({told})")
            given = [list(columns[name]) for name in types]
            con.execute(f"insert into {identifier(relation)} select {values}", given)
            result = con.execute(query)
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except duckdb.Error as error:
        raise DatasetError(f"DuckDB refuses the query: {str(error).splitlines()[0]}") from None
