"""Which parts of an expression in SQL its value is computed from."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp


class UnclearError(Exception):
    """A value cannot be told to come from anywhere."""


def value_columns(node: exp.Expr, select: exp.Expr) -> Iterator[exp.Expr]:
    """Give the columns, queries and EXISTS whose values the value of ``node`` is computed from.

    ``select`` is the query around it, which names its windows.

    Raises
    ------
    UnclearError
        It stands for columns that are not named.
    """
    match node:
        case exp.Column() | exp.Exists():
            yield node
        case exp.Query():
            yield node.unnest()
        case exp.Count(this=exp.Star()):
            return
        # `* like 'a%'` is taken for a comparison, and `#2` names a column by its place.
        case exp.TableColumn() | exp.Columns() | exp.Star() | exp.PositionalColumn():
            raise UnclearError
        case exp.Order():
            # Of `string_agg(name order by day)`; the order itself is no value.
            yield from value_columns(node.this, select) if node.this else ()
        case exp.WithinGroup():
            # Of `percentile_cont(0.5) within group (order by price)`, which is given its values so.
            yield from _sorted_by(node.expression, select)
        case exp.Window():
            yield from _window_columns(node, select)
        case _:
            for child in node.iter_expressions():
                yield from value_columns(child, select)


def _window_columns(node: exp.Window, select: exp.Expr) -> Iterator[exp.Expr]:
    """A window's parts choose rows, except where a function has nothing but their order."""
    given = list(value_columns(node.this, select))
    yield from given
    if not given:
        for order in _orders(node, select):
            yield from _sorted_by(order, select)


def _sorted_by(order: exp.Expr, select: exp.Expr) -> Iterator[exp.Expr]:
    for each in order.expressions:
        yield from value_columns(each, select)


def _orders(node: exp.Window, select: exp.Expr) -> Iterator[exp.Expr]:
    if order := node.args.get("order"):
        yield order
    named = {window.name: window for window in select.args.get("windows") or ()}
    if node.alias in named:
        yield from _orders(named[node.alias], select)
