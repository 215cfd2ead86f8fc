"""Columns that tell of people: which there are, and which of a result come from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import duckdb

from analysis.lineage.notes import UNOBSERVED

# The relations and names of the personal columns.
Personal = frozenset[tuple[str, str]]

_PERSONAL = "select relation, name from meta.personal"
_KNOWN = f"""{UNOBSERVED} schema_name || '.' || table_name, list(column_name order by column_index)
from duckdb_columns() where not internal and database_name = current_database() group by all
"""


def personal_columns(con: duckdb.DuckDBPyConnection) -> Personal:
    """List the columns of the warehouse that tell of people."""
    with suppress(duckdb.CatalogException):  # a warehouse that no ingest has made has none
        return frozenset(con.execute(_PERSONAL).fetchall())
    return frozenset()


def personal_results(
    con: duckdb.DuckDBPyConnection, sql: str, names: Sequence[str], personal: Personal
) -> tuple[str, ...]:
    """Say which of the columns ``names`` that ``sql`` gives are computed from ``personal`` ones.

    Where the SQL cannot be traced, there are none: their names alone then tell.
    """
    # Most projects hold nothing personal, and never wait for sqlglot.
    from analysis.warehouse.views.lineage import trace

    known: Mapping[str, Sequence[str]] = dict(con.execute(_KNOWN).fetchall())
    wanted = {f"{relation}.{name}".lower() for relation, name in personal}
    origins = trace(sql, known, names) or {}
    return tuple(name for name, o in origins.items() if any(c.lower() in wanted for c in o.columns))
