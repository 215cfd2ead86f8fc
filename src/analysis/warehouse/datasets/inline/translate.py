"""A view's SQL in the dialect of another database, or the reason why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from analysis.errors import DatasetError
from analysis.warehouse.datasets.inline.portable import check
from analysis.warehouse.datasets.inline.rename import parsed
from analysis.warehouse.datasets.inline.rewrite import rewritten
from analysis.warehouse.datasets.inline.texts import Text
from analysis.warehouse.datasets.inline.types import PLAINER, UnportableError

Columns = Mapping[str, Mapping[str, str]]


def translated(
    sql: str,
    text: Text,
    columns: Iterable[str],
    dialect: str,
    known: Columns,
    tables: Mapping[str, str],
) -> str:
    """Write ``sql``, made of that of ``text``, for ``dialect``; its ``columns`` have these names.

    ``known`` are the columns of what it reads, with their types, under the names in ``sql``.
    ``tables`` are the names that some of these have in the other database.

    Raises
    ------
    DatasetError
        Something in it is not known to mean the same there; with the line.
    """
    try:
        tree = _qualified(parsed(sql, text), [*columns], known)
        nodes = [*tree.walk(bfs=False)]
        for node in nodes:
            check(node, dialect)
        for node in reversed(nodes):
            if (new := rewritten(node, dialect)) is not node:
                node.replace(new)
        for table in [*tree.find_all(exp.Table)]:
            if table.name in tables and not table.db:
                named = exp.to_table(tables[table.name], dialect=dialect)
                table.replace(exp.alias_(named, table.alias, table=True, quoted=True))
        written = tree.sql(
            dialect, pretty=True, identify=True, unsupported_level=ErrorLevel.RAISE, comments=False
        )
        sqlglot.parse_one(written, dialect=dialect)
    except UnportableError as error:
        where = text.where(_line(error.node)) if text.path else None
        raise DatasetError(f"`{text.name}`: {error.what}", where, error.hint) from None
    # What sqlglot runs into where it does not know this SQL.
    except (SqlglotError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"`{text.name}` cannot be written for {dialect}: {_plain(error)}",
            text.where(None) if text.path else None,
            PLAINER,
        ) from None
    return written


def _qualified(tree: exp.Expr, columns: Sequence[str], known: Columns) -> exp.Expr:
    schema = MappingSchema({name: {**types} for name, types in known.items()}, dialect="duckdb")
    # First the columns of what is read, then the names that SELECT gives, which come second.
    tree = qualify(
        tree,
        schema=schema,
        dialect="duckdb",
        quote_identifiers=False,
        expand_alias_refs=False,
        expand_stars=False,
        validate_qualify_columns=False,
    )
    _list_groups(tree)
    _spell_out_windows(tree)
    tree = qualify(tree, schema=schema, dialect="duckdb", quote_identifiers=False)
    _name_columns(tree, columns)
    return annotate_types(tree, schema=schema, dialect="duckdb")


def _list_groups(tree: exp.Expr) -> None:
    """Write the columns that GROUP BY ALL means."""
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if group and group.args.get("all"):
            plain = [e.unalias() for e in select.selects if not e.find(exp.AggFunc)]
            if any(isinstance(e, exp.Star) or e.find(exp.Star, exp.Window) for e in plain):
                raise UnportableError(group, "`group by all` with `*` is not clear", "list columns")
            listed = [e.copy() for e in plain if not isinstance(e, exp.Literal)]
            select.set("group", exp.Group(expressions=listed) if listed else None)


def _spell_out_windows(tree: exp.Expr) -> None:
    """Write each window where it is used, and not under a name."""
    for select in tree.find_all(exp.Select):
        named = {window.name.lower(): window for window in select.args.get("windows") or ()}
        for window in [*select.find_all(exp.Window)] if named else ():
            own = named.get(window.text("alias").lower())
            if own is None or window.parent_select is not select:
                continue
            for part in ("partition_by", "order", "spec"):
                value = own.args.get(part)
                if value and not window.args.get(part):
                    copied = [v.copy() for v in value] if isinstance(value, list) else value.copy()
                    window.set(part, copied)
            window.set("alias", None)
        select.set("windows", None)


def _name_columns(tree: exp.Expr, columns: Sequence[str]) -> None:
    """Call the columns as DuckDB does."""
    select = tree
    while isinstance(select, exp.SetOperation):
        select = select.this
    select = select.unnest() if isinstance(select, exp.Subquery) else select
    if not isinstance(select, exp.Select) or len(select.selects) != len(columns):
        raise UnportableError(tree, "its columns are not understood", PLAINER)
    names = zip(select.selects, columns, strict=True)
    select.set("expressions", [exp.alias_(e.unalias(), name, quoted=True) for e, name in names])


def _line(node: exp.Expr) -> int | None:
    for part in (node, *node.walk()):
        if line := part.meta.get("line"):
            return int(line)
    return _line(node.parent) if node.parent else None


def _plain(error: Exception) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).splitlines()[0]
