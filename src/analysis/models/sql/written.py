"""A compiled pipeline as text in the SQL of a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from sqlglot import exp

from analysis.models.bundle.record import Bundle
from analysis.models.sql.compile import INPUT, compiled
from analysis.models.sql.fields import nan_tested
from analysis.models.sql.layout import laid_out

# The tests run what is written for the first three in these databases.
Dialect = Literal["duckdb", "postgres", "sqlite", "spark", "bigquery"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "postgres", "sqlite", "spark", "bigquery")
TESTED: tuple[Dialect, ...] = ("duckdb", "postgres", "sqlite")

# What would put the layers into one another, and compute a column as often as it is named.
_FLATTENING = ("postgres", "sqlite")


def prediction_sql(
    pipeline: Any,
    bundle: Bundle,
    key: Sequence[str],
    dialect: str = "duckdb",
    source: str = INPUT,
) -> str:
    """Write a fitted pipeline as one query over the relation ``source``, for a database.

    It gives the columns ``key``, then the bundle's outputs. ``source`` has the columns of the key
    and of the bundle's fields.

    Raises
    ------
    UncompilableError
        A step cannot be written as SQL; which one, and why.
    """
    return written(compiled(pipeline, bundle, key, source), dialect)


def written(query: exp.Select, dialect: str) -> str:
    """Write a compiled query, whose tree is taken, for a database."""
    query.transform(_nan_for(dialect), copy=False)
    for layer in query.ctes[1:] if dialect in _FLATTENING else ():
        layer.set("materialized", True)
    if dialect == "postgres":
        for literal in [*query.find_all(exp.Literal)]:
            _make_double(literal)
    return laid_out(query, dialect)


def _nan_for(dialect: str) -> Callable[[exp.Expr], exp.Expr]:
    def change(node: exp.Expr) -> exp.Expr:
        value = nan_tested(node)
        if value is None:
            return node
        if dialect == "sqlite":  # has none
            return value
        if dialect == "bigquery":  # where it is not equal to itself
            return exp.Case().when(exp.IsNan(this=value.copy()), exp.null()).else_(value)
        return node

    return change


def _make_double(literal: exp.Literal) -> None:
    """Let a number of PostgreSQL be a double, which it is only beside one.

    Alone in a branch of a case, it would make that a decimal.
    """
    if literal.is_string or "e" not in literal.this.lower():
        return
    node: exp.Expr = literal
    while isinstance(node.parent, exp.Neg | exp.Paren):
        node = node.parent
    beside = node.parent
    if isinstance(beside, exp.Cast):
        return
    if isinstance(beside, exp.Binary):
        other = beside.expression if beside.this is node else beside.this
        if not isinstance(other.unnest(), exp.Literal | exp.Neg):
            return
    node.replace(exp.cast(node.copy(), "double"))
