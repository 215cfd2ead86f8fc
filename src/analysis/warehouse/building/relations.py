"""What is told of a relation when it is built: its fingerprints, and by what they were made."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from analysis.lineage.relations import Relation
from analysis.warehouse.building import fingerprints
from analysis.warehouse.sql import identifier
from analysis.warehouse.views.stability import is_stable
from analysis.warehouse.views.view import View

# The content of a view is compared if it is made of, and has, at most so many rows.
MOST_ROWS = 5_000_000


def of_table(con: duckdb.DuckDBPyConnection, name: str) -> Relation:
    """Tell of the table ``name``, which is fingerprinted by content."""
    quoted = ".".join(identifier(part) for part in name.split("."))
    found = fingerprints.of_content(con, quoted)
    assert found is not None
    return Relation(name, found.whole, found.columns, (), "table", "content")


def of_view(
    con: duckdb.DuckDBPyConnection,
    view: View,
    reads: tuple[str, ...],
    definition: str,
    *,
    by_content: bool,
) -> Relation:
    """Tell of ``view``, by content if that may be and can be looked at, else by definition."""
    if by_content and (found := _content(con, view)):
        return Relation(view.name, found.whole, found.columns, reads, "view", "content")
    found = fingerprints.of_definition(con, view.quoted, definition)
    return Relation(view.name, found.whole, found.columns, reads, "view", "definition")


def may_compare_content(
    con: duckdb.DuckDBPyConnection,
    view: View,
    reads: tuple[str, ...],
    relations: Mapping[str, Relation],
    rows: Mapping[str, int],
) -> bool:
    """Decide whether the content of ``view`` always is the same, and is cheap to look at.

    ``rows`` are those of each table. The same project decides the same on every machine: by SQL
    and by rows, and not by the clock.
    """
    return (
        sum(rows[name] for name in _tables(relations, reads, rows)) <= MOST_ROWS
        and all(relations[name].by == "content" for name in reads)
        and is_stable(con, view)
    )


def _tables(
    relations: Mapping[str, Relation], reads: tuple[str, ...], rows: Mapping[str, int]
) -> set[str]:
    """Name the tables that are scanned: a materialized view is one, whatever it was made of."""
    found: set[str] = set()
    for name in reads:
        found |= {name} if name in rows else _tables(relations, relations[name].reads, rows)
    return found


def _content(con: duckdb.DuckDBPyConnection, view: View) -> fingerprints.Fingerprints | None:
    try:
        return fingerprints.of_content(con, view.quoted, MOST_ROWS)
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        # A view that fails on its rows is told where it is read, and stops nothing else.
        return None
