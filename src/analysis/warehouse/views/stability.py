"""Whether a view gives the same rows each time: not if it asks for the time or for chance."""

from __future__ import annotations

import functools
import re
from typing import Any

import duckdb

from analysis.warehouse.views.parse import nodes, syntax_tree
from analysis.warehouse.views.view import View

# In SQL these are functions, but are written as columns are.
CLOCKS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
)
# This one only stops a query.
HARMLESS = frozenset({"error"})
_FUNCTIONS = "select function_name from duckdb_functions() where stability <> 'CONSISTENT'"
_MACROS = (
    "select function_name, macro_definition from duckdb_functions() "
    "where macro_definition is not null"
)


def is_stable(con: duckdb.DuckDBPyConnection, view: View) -> bool:
    """Say whether the SQL of ``view`` names nothing that differs from one call to the next."""
    called: set[str] = set()
    for node in nodes(syntax_tree(con, view)):
        if node.get("sample"):
            return False
        called |= _called(node)
    return not called & _unstable()


def _called(node: dict[str, Any]) -> set[str]:
    if node.get("type") == "COLUMN_REF" and len(node["column_names"]) == 1:
        return {node["column_names"][0].lower()} & CLOCKS
    return {node["function_name"].lower()} if "function_name" in node else set()


@functools.cache
def _unstable() -> frozenset[str]:
    """Name the functions and macros of DuckDB that are not the same each time."""
    with duckdb.connect() as con:
        functions = {name for (name,) in con.execute(_FUNCTIONS).fetchall()}
        macros = con.execute(_MACROS).fetchall()
    basic = (functions | CLOCKS) - HARMLESS
    return frozenset(basic.union(n for n, sql in macros if basic & set(re.findall(r"\w+", sql))))
