"""The SQL of all views that a dataset is made of, in the order in which they read each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from analysis.errors import Location

_HEADER = re.compile(r"\s*/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """A relation: the types of its columns and, of a view, its SQL without the header.

    ``first_line`` is the line of the file at ``path`` where the SQL begins.
    """

    name: str
    path: str
    sql: str | None
    first_line: int
    columns: Mapping[str, str]
    reads: Sequence[str]

    def where(self, line: int | None) -> Location:
        """Locate a ``line`` of the SQL in the file."""
        return Location(self.path, line and self.first_line + line - 1)


def read_texts(
    con: duckdb.DuckDBPyConnection, wanted: Sequence[str], given: frozenset[str]
) -> dict[str, Text]:
    """Read the relations ``wanted`` and all that they read, each after those that it reads.

    What stands behind a relation that is ``given`` is left out.
    """
    reads: dict[str, list[str]] = {}
    for relation, read in con.execute("from meta.reads order by all").fetchall():
        reads.setdefault(relation, []).append(read)
    columns: dict[str, dict[str, str]] = {}
    for relation, name, kind in con.execute(
        "select schema || '.' || relation, name, type from meta.columns order by position"
    ).fetchall():
        columns.setdefault(relation, {})[name] = kind
    rows = con.execute("select name, path, sql from meta.relations").fetchall()
    known = {name: (path, sql) for name, path, sql in rows}
    found: dict[str, Text] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        path, sql = known[name]
        read = [] if name in given else reads.get(name, [])
        for other in read:
            visit(other)
        found[name] = _text(name, path, None if name in given else sql, columns[name], read)

    for name in wanted:
        visit(name)
    return found


def _text(
    name: str, path: str, sql: str | None, columns: Mapping[str, str], reads: Sequence[str]
) -> Text:
    header = _HEADER.match(sql or "")
    start = header.end() if header else 0
    lines = (sql or "")[:start].count("\n")
    return Text(name, path, sql and sql[start:], lines + 1, columns, reads)
