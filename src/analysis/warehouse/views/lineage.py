"""Which columns the columns of a view come from, as sqlglot reads its SQL.

Only values count: what a column is computed from. Columns by which rows are chosen, joined, grouped
or partitioned are not among them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from analysis.lineage.columns import Origin
from analysis.warehouse.views.values import UnclearError, value_columns

# The columns of the relations that a view reads: relation → names in order.
Known = Mapping[str, Sequence[str]]
Outputs = list[tuple[str, Origin]]

_NOTHING = Origin(())
_GENERATED = re.compile(r"_col_\d+")
_REPEATED = re.compile(r"_\d+$")
# On a `coalesce` that stands in the SQL, and was not put there for a join with USING.
_WRITTEN = "written"


def trace(sql: str, known: Known, names: Sequence[str]) -> Mapping[str, Origin] | None:
    """Trace the columns ``names`` of the view ``sql``, in order, to those of what it reads.

    ``None``: sqlglot does not understand this SQL, or not as DuckDB does.
    """
    try:
        with _quiet():
            scope = build_scope(_qualified(sql, known))
            found = _Tracer(known).outputs(scope) if scope else []
    # Whatever a parser that does not know this SQL runs into: DuckDB has accepted it.
    except Exception:
        return None
    if len(found) != len(names) or not all(map(_is_named, names, (name for name, _ in found))):
        return None
    return {name: origin for name, (_, origin) in zip(names, found, strict=True)}


def _is_named(name: str, traced: str) -> bool:
    """Say whether DuckDB's ``name`` of a column can be that of what was ``traced``."""
    plain = name.lower()
    return (
        plain == traced or bool(_GENERATED.fullmatch(traced)) or _REPEATED.sub("", plain) == traced
    )


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("sqlglot")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _qualified(sql: str, known: Known) -> exp.Expr:
    """Parse ``sql`` and give each column its table, and each star its columns."""
    tree = parse_one(sql, dialect="duckdb")
    for table in tree.find_all(exp.Table):
        # The warehouse's own name may stand before the schema.
        table.set("catalog", None)
        if table.args.get("pivots"):
            raise UnclearError
    for node in tree.find_all(exp.Coalesce):
        node.meta[_WRITTEN] = True
    if any(clause.recursive for clause in tree.find_all(exp.With)):
        raise UnclearError
    schema: dict[str, Any] = {}
    for relation, names in known.items():
        of_schema, _, table_name = relation.partition(".")
        columns = {name.lower(): "unknown" for name in names}
        schema.setdefault(of_schema, {})[table_name] = columns
    return qualify(
        tree,
        schema=MappingSchema(schema, dialect="duckdb", normalize=False),
        dialect="duckdb",
        # An alias means an earlier column only where no table has one of that name.
        expand_alias_refs=False,
        quote_identifiers=False,
        validate_qualify_columns=False,
    )


class _Tracer:
    """Follows columns through the scopes of one query."""

    def __init__(self, known: Known) -> None:
        self._known = {
            relation: {name.lower(): name for name in names} for relation, names in known.items()
        }
        self._traced: dict[int, Outputs] = {}

    def outputs(self, scope: Scope) -> Outputs:
        """Trace the columns that the query of ``scope`` gives, in order."""
        if id(scope) not in self._traced:
            is_union = isinstance(scope.expression, exp.SetOperation)
            self._traced[id(scope)] = self._united(scope) if is_union else self._selected(scope)
        return self._traced[id(scope)]

    def _united(self, scope: Scope) -> Outputs:
        left, right = (self.outputs(part) for part in scope.set_operation_scopes)
        if isinstance(scope.expression, exp.Except):
            return left
        if scope.expression.args.get("by_name"):
            names = dict.fromkeys(name for name, _ in (*left, *right))
            sides = (dict(left), dict(right))
            return [
                (name, _together([side.get(name, _NOTHING) for side in sides])) for name in names
            ]
        return [
            (name, _together([one, other]))
            for (name, one), (_, other) in zip(left, right, strict=True)
        ]

    def _selected(self, scope: Scope) -> Outputs:
        found: Outputs = []
        aliases: dict[str, Origin] = {}
        assert isinstance(scope.expression, exp.Query)
        for projection in scope.expression.selects:
            origin = self._origin(projection, scope, aliases)
            found.append((projection.alias_or_name, origin))
            aliases[projection.alias_or_name] = origin
        return found

    def _origin(self, node: exp.Expr, scope: Scope, aliases: Mapping[str, Origin]) -> Origin:
        node = _bare(node, scope)
        if isinstance(node, exp.Column):
            return self._column(node, scope, aliases)
        found: list[Origin] = []
        for part in value_columns(node, scope.expression):
            if isinstance(part, exp.Column):
                found.append(self._column(part, scope, aliases))
            else:
                found.extend(self._subquery(part, scope))
        return Origin(_together(found).columns)

    def _subquery(self, part: exp.Expr, scope: Scope) -> Iterator[Origin]:
        query = part.this.unnest() if isinstance(part, exp.Exists) else part
        [inner] = [inner for inner in scope.subquery_scopes if inner.expression is query]
        if isinstance(part, exp.Exists):
            # Whether there is a row is decided by all that stands in it.
            for each in inner.traverse():
                yield from (self._column(column, each) for column in each.columns)
        else:
            yield from (origin for _, origin in self.outputs(inner))

    def _column(
        self, column: exp.Column, scope: Scope, aliases: Mapping[str, Origin] | None = None
    ) -> Origin:
        if not column.table:
            if aliases and column.name in aliases:
                return aliases[column.name]
            raise UnclearError
        inside: Scope | None = scope
        while inside is not None:
            if (source := inside.sources.get(column.table)) is not None:
                return self._of_source(source, column.name, inside)
            inside = inside.parent
        raise UnclearError

    def _of_source(self, source: exp.Expr | Scope, name: str, scope: Scope) -> Origin:
        if isinstance(source, Scope):
            if source.is_udtf:
                return self._of_function(source.expression, scope)
            return next(origin for known, origin in self.outputs(source) if known == name)
        if not (isinstance(source, exp.Table) and source.db):
            return self._of_function(source, scope)
        relation = f"{source.db}.{source.name}".lower()
        return Origin((f"{relation}.{self._known[relation][name]}",), plain=True)

    def _of_function(self, function: exp.Expr, scope: Scope) -> Origin:
        """Trace what a function in FROM gives to what it is given: ``unnest(t.list)``."""
        columns = function.find_all(exp.Column)
        return Origin(_together([self._column(column, scope) for column in columns]).columns)


def _bare(node: exp.Expr, scope: Scope) -> exp.Expr:
    """Take alias and brackets off ``node``; of a column of USING, take the side that counts."""
    node = node.unalias().unnest()
    if isinstance(node, exp.Coalesce) and not node.meta.get(_WRITTEN):
        joins = scope.expression.args.get("joins") or []
        if not any(join.side in ("RIGHT", "FULL") for join in joins):
            side: exp.Expr = node.this
            return side
    return node


def _together(origins: Sequence[Origin]) -> Origin:
    """Give one origin for a value that has several; it is plain if all are the same plain one."""
    columns = sorted({column for origin in origins for column in origin.columns})
    plain = len(columns) == 1 and all(origin.plain for origin in origins)
    return Origin(tuple(columns), plain)
