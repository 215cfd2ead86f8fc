"""DuckDB's view of a view: what its SQL names, and creating it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from analysis.errors import Location, ViewError
from analysis.warehouse.sql import literal
from analysis.warehouse.views import Reference, View


def references(con: duckdb.DuckDBPyConnection, view: View) -> tuple[Reference, ...]:
    """List the relations that ``view`` names with their schema.

    Raises
    ------
    ViewError
        The text is not one SELECT, or does not parse.
    """
    try:
        kinds = [statement.type.name for statement in con.extract_statements(view.text)]
    except duckdb.Error as error:
        raise _failed(view, error, lines_before=0) from None
    if kinds not in (["SELECT"], ["MULTI"]):
        raise ViewError(
            f"this is not one SELECT: {', '.join(kinds).lower() or 'there is no statement'}",
            Location(view.path, 1),
            "each view is one SELECT in a file of its own",
        )
    tree = json.loads(con.execute("select json_serialize_sql(?)", [view.text]).fetchall()[0][0])
    text = view.text.encode()
    found = {
        (f"{table['schema_name']}.{table['table_name']}".lower(), table["query_location"])
        for table in _tables(tree)
        if table["schema_name"]
    }
    # DuckDB gives no place for what DESCRIBE and SUMMARIZE name, but a number beyond the text.
    return tuple(
        Reference(name, text[:place].count(b"\n") + 1 if place <= len(text) else 1)
        for name, place in sorted(found, key=lambda item: item[1])
    )


def _tables(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE":
            yield tree
        for value in tree.values():
            yield from _tables(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _tables(value)


def create(con: duckdb.DuckDBPyConnection, view: View, known: Iterable[str]) -> str:
    """Create ``view``; what it reads must exist. Give its SQL as DuckDB understands it.

    ``known`` are the relations that there are, for the hint when a schema was left out.

    Raises
    ------
    ViewError
        DuckDB refuses it; with the line that it names.
    """
    try:
        con.execute(f"create view {view.quoted} as\n{view.text}")
    except duckdb.PermissionException:
        raise ViewError(
            "a view reads relations only, and this one reads a file",
            Location(view.path),
            "declare the file as a source, and read `raw.<name>`",
        ) from None
    except duckdb.Error as error:
        raise _failed(view, error, lines_before=1, known=known) from None
    stored = "select sql from duckdb_views() where schema_name || '.' || view_name = "
    return str(con.execute(stored + literal(view.name)).fetchall()[0][0])


def _failed(
    view: View, error: duckdb.Error, *, lines_before: int, known: Iterable[str] = ()
) -> ViewError:
    message = str(error)
    place = re.search(r"^LINE (\d+):", message, re.MULTILINE)
    line = max(1, int(place[1]) - lines_before) if place else None
    first, *rest = [text for text in message.splitlines() if text.strip()]
    hint = next((text for text in rest if text.startswith(("Did you mean", "Candidate"))), None)
    if unknown := re.search(r'Table with name "?(.+?)"? does not exist', first):
        hint = _with_schema(unknown[1], known)
    return ViewError(first.partition(": ")[2] or first, Location(view.path, line), hint)


def _with_schema(name: str, known: Iterable[str]) -> str:
    relations = {relation.partition(".")[2]: relation for relation in sorted(known)}
    close = difflib.get_close_matches(name.lower(), relations, n=1)
    meant = f"did you mean `{relations[close[0]]}`?" if close else "declare a source for it"
    return f"{meant} (a view names relations with their schema)"
