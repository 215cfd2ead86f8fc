"""Other names for the relations in a view's SQL; nothing else in its text changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from analysis.errors import DatasetError
from analysis.warehouse.datasets.inline.texts import Text
from analysis.warehouse.sql import readable

# A place in the text, from the first character to after the last, and what goes there.
Edit = tuple[int, int, str]


def parsed(sql: str, text: Text) -> exp.Expr:
    """Parse ``sql``, which is (made of) that of ``text``.

    Raises
    ------
    DatasetError
        sqlglot does not know this SQL; with the line that it names.
    """
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        found = getattr(error, "errors", None)
        line = found[0].get("line") if found else None
        raise DatasetError(
            f"the SQL of `{text.name}` is not understood, so it cannot be written in one query",
            text.where(line),
            "write this line in plainer SQL",
        ) from None
    return trees[0]


def renamed(text: Text, names: Mapping[str, str], taken: frozenset[str]) -> str:
    """Give the SQL of a view with the ``names`` of relations, written as SQL.

    Its own WITH clauses that have a name which is ``taken`` get another.
    """
    sql = _without_end(text.sql or "")
    tree = parsed(sql, text)
    edits = sorted(
        {*_tables(tree, sql, names), *_columns(tree, names), *_clauses(tree, sql, taken)}
    )
    for start, end, new in reversed(edits):
        sql = sql[:start] + new + sql[end:]
    return sql.strip()


def _without_end(sql: str) -> str:
    """Cut the text at its semicolon."""
    tokens = sqlglot.tokenize(sql, read="duckdb")
    ends = [token.start for token in tokens if token.token_type.name == "SEMICOLON"]
    return sql[: ends[0]] if ends else sql


def _tables(tree: exp.Expr, sql: str, names: Mapping[str, str]) -> Iterator[Edit]:
    for table in tree.find_all(exp.Table):
        if not (table.db and isinstance(table.this, exp.Identifier)):
            continue
        start = _start(table.args.get("catalog") or table.args["db"])
        end = table.this.meta["end"] + 1
        new = names[f"{table.db}.{table.name}".lower()]
        yield start, end, _called(new, sql[_start(table.this) : end], table)


def _columns(tree: exp.Expr, names: Mapping[str, str]) -> Iterator[Edit]:
    """Take the schema from columns that are written with it."""
    for column in tree.find_all(exp.Column):
        # Two names and a field of a struct look the same.
        if column.db and f"{column.db}.{column.table}".lower() in names:
            schema = column.args.get("catalog") or column.args["db"]
            yield _start(schema), _start(column.args["table"]), ""


def _clauses(tree: exp.Expr, sql: str, taken: frozenset[str]) -> Iterator[Edit]:
    own = {clause.alias.lower() for clause in tree.find_all(exp.CTE)}
    news: dict[str, str] = {}
    for name in sorted(own & taken):
        new = f"{name}_"
        while new in own | taken:
            new += "_"
        news[name] = new
    for clause in tree.find_all(exp.CTE):
        if clause.alias.lower() in news:
            name = clause.args["alias"].this
            yield _start(name), name.meta["end"] + 1, news[clause.alias.lower()]
    for table in tree.find_all(exp.Table):
        if not table.db and table.name.lower() in news:
            start, end = _start(table.this), table.this.meta["end"] + 1
            yield start, end, _called(news[table.name.lower()], sql[start:end], table)


def _called(new: str, old: str, table: exp.Table) -> str:
    """Write the new name; columns may still be written with the ``old`` one."""
    return new if table.alias or new == old else f"{new} as {readable(table.name)}"


def _start(name: Any) -> int:
    return int(name.meta["start"])
