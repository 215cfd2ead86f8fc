"""DuckDB's view of a view: what its SQL names, and creating it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from analysis.errors import Location, ViewError
from analysis.warehouse.sql import identifier, literal
from analysis.warehouse.views.view import Reference, View

# Other functions in FROM read files, the catalog, or relations that the SQL does not name.
_FUNCTIONS = frozenset(
    {"generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "unnest"}
)
_CATALOG = (
    "select view_name from duckdb_views() where internal and schema_name in ('main', 'pg_catalog')"
)


def references(con: duckdb.DuckDBPyConnection, view: View) -> tuple[Reference, ...]:
    """List the relations that ``view`` names with their schema.

    Raises
    ------
    ViewError
        The text is not one SELECT, does not parse, or reads something that is no relation.
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
    found = list(nodes(syntax_tree(con, view)))
    catalog = {name for (name,) in con.execute(_CATALOG).fetchall()}
    for node in found:
        _check_is_relation(node, catalog, view)
    named = {
        (f"{table['schema_name']}.{table['table_name']}".lower(), table["query_location"])
        for table in found
        if table.get("type") == "BASE_TABLE" and table["schema_name"]
    }
    return tuple(
        Reference(name, _line(view, place))
        for name, place in sorted(named, key=lambda item: item[1])
    )


def syntax_tree(con: duckdb.DuckDBPyConnection, view: View) -> Any:
    """Parse the SQL of ``view``; nothing that it names is looked up."""
    return json.loads(con.execute("select json_serialize_sql(?)", [view.text]).fetchall()[0][0])


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Give each object of a syntax tree."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)


def _check_is_relation(node: dict[str, Any], catalog: set[str], view: View) -> None:
    match node:
        case {"type": "TABLE_FUNCTION", "function": {"function_name": name}}:
            is_relation = name.lower() in _FUNCTIONS
        case {"type": "BASE_TABLE", "schema_name": "", "table_name": name}:
            is_relation = name.lower() not in catalog
        case {"type": "SHOW_REF", "show_type": "SHOW_SPECIAL", "table_name": name}:
            is_relation = False
        case _:
            return
    if not is_relation:
        raise ViewError(
            f"a view reads relations that it names, and this one asks `{name}`",
            Location(view.path, _line(view, node["query_location"])),
            "name the relation itself; declare a file as a source, and read `raw.<name>`",
        )


def _line(view: View, place: int) -> int:
    text = view.text.encode()
    # DuckDB gives no place for what DESCRIBE and SUMMARIZE name, but a number beyond the text.
    return text[:place].count(b"\n") + 1 if place <= len(text) else 1


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


def materialize(con: duckdb.DuckDBPyConnection, view: View) -> None:
    """Put a table with the rows of ``view`` into its place.

    Raises
    ------
    ViewError
        The view fails on the rows that there are.
    """
    try:
        # By its text, and not by its name, a fault is told with its line.
        replace_by_table(con, view, view.text)
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        failed = _failed(view, error, lines_before=1)
        raise ViewError(
            f"`{view.name}` cannot be materialized: {failed.what}",
            failed.where,
            "correct the SQL for these rows; without `materialized: true` only those fail who read "
            "the view",
        ) from None


def replace_by_table(con: duckdb.DuckDBPyConnection, view: View, rows: str) -> None:
    """Put a table with what the query ``rows`` gives into the place of ``view``.

    Raises
    ------
    duckdb.Error
        The query fails; the view is still there.
    """
    # No view can have this name: theirs begin with a letter.
    new = f"{identifier(view.schema)}._new"
    con.execute(f"create table {new} as\n{rows}")
    con.execute(f"drop view {view.quoted}")
    con.execute(f"alter table {new} rename to {identifier(view.name.partition('.')[2])}")


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
