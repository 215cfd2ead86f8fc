"""What means the same in all dialects, or can be written so; all else is refused, by name.

A list of what is known, and not of what is known to be different: sqlglot writes functions that a
database does not have, and some that it has with another meaning, as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sqlglot import exp

from analysis.warehouse.datasets.inline.compared import (
    check_added,
    check_compared,
    check_digits,
    check_order,
    check_order_of_two,
    check_truth,
    check_values,
)
from analysis.warehouse.datasets.inline.types import PLAINER, UnportableError, is_of

_SYNTAX = (
    *(exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered),
    *(exp.Limit, exp.Offset, exp.With, exp.CTE, exp.Subquery, exp.Table, exp.TableAlias, exp.Alias),
    *(exp.Column, exp.Identifier, exp.Star, exp.Literal, exp.Boolean, exp.Null, exp.Paren),
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In),
    *(
        exp.Between,
        exp.Exists,
        exp.NullSafeEQ,
        exp.NullSafeNEQ,
        exp.Distinct,
        exp.Tuple,
        exp.Qualify,
    ),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Case, exp.If),
    *(exp.Window, exp.WindowSpec, exp.Filter, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Var),
    *(exp.Union, exp.Intersect, exp.Except, exp.Interval, exp.DPipe, exp.Like),
)
_FUNCTIONS = (
    *(exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Abs, exp.Coalesce, exp.Nullif),
    *(exp.Length, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead),
    *(exp.FirstValue, exp.LastValue, exp.Round, exp.Sqrt, exp.Pow, exp.Ln, exp.Exp, exp.Floor),
    *(exp.Ceil, exp.Lower, exp.Upper, exp.Greatest, exp.Least, exp.StddevSamp, exp.Stddev),
    *(
        exp.DateFromParts,
        exp.TimestampTrunc,
        exp.Extract,
        exp.Year,
        exp.Quarter,
        exp.Month,
        exp.Day,
    ),
    *(exp.Hour, exp.Minute, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear),
)
KNOWN = frozenset((*_SYNTAX, *_FUNCTIONS))
# What one database does in another way, or not at all.
_ELSEWHERE: Mapping[str, tuple[type[exp.Expr], ...]] = {
    "sqlite": (
        *(exp.Lower, exp.Upper, exp.Sqrt, exp.Pow, exp.Ln, exp.Exp, exp.Floor, exp.Ceil),
        *(exp.StddevSamp, exp.Stddev, exp.Like, exp.Greatest, exp.Least),
    ),
    "bigquery": (exp.Greatest, exp.Least, exp.TimestampTrunc),
    # Which letters it knows depends on the collation.
    "postgres": (exp.Lower, exp.Upper),
    "spark": (),
}
# Parts of a node that may be there.
_PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {"with_", "expressions", "distinct", "from_", "joins", "where", "group", "having"}
        | {"qualify", "windows", "order", "limit", "offset"}
    ),
    exp.Join: frozenset({"this", "on", "side", "kind", "method", "using"}),
    exp.Group: frozenset({"expressions", "all"}),
    exp.Distinct: frozenset({"expressions"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias"}),
    exp.Subquery: frozenset({"this", "alias", "with_"}),
    exp.Table: frozenset({"this", "alias", "db", "catalog"}),
    exp.Window: frozenset({"this", "partition_by", "order", "spec", "alias", "over", "first"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side"}),
    exp.Limit: frozenset({"expression"}),
    exp.Round: frozenset({"this"}),
    exp.Star: frozenset(),
}
_SET_PARTS = frozenset({"with_", "this", "expression", "distinct", "order", "limit", "offset"})
_JOINS = frozenset({"", "INNER", "OUTER", "CROSS"})


def check(node: exp.Expr, dialect: str) -> None:
    """See that ``node`` means in ``dialect`` what it means in DuckDB, or is rewritten so.

    Raises
    ------
    UnportableError
        It is not known to.
    """
    if type(node) not in KNOWN or isinstance(node, _ELSEWHERE[dialect]):
        raise UnportableError(node, f"{named(node)} has no equal in {dialect}", PLAINER)
    allowed = _SET_PARTS if isinstance(node, exp.SetOperation) else _PARTS.get(type(node))
    if allowed is not None:
        for part, value in node.args.items():
            if value not in (None, False, [], "") and part not in allowed:
                what = f"`{part.strip('_').replace('_', ' ')}` of {named(node)}"
                raise UnportableError(node, f"{what} has no equal in {dialect}", PLAINER)
    for kind, specials in _SPECIAL.items():
        if isinstance(node, kind):
            for special in specials:
                special(node, dialect)


def named(node: exp.Expr) -> str:
    """Name a function or clause as it is written in SQL."""
    if isinstance(node, exp.IgnoreNulls | exp.RespectNulls):
        return named(node.this)
    if isinstance(node, exp.Anonymous):
        return f"`{str(node.this).lower()}()`"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Cast | exp.Case):
        # As DuckDB calls it, and not sqlglot.
        written = re.match(r"\w+(?=\()", node.sql("duckdb"))
        return f"`{(written[0] if written else node.sql_name()).lower()}()`"
    return f"`{node.key}`"


def _check_join(node: exp.Expr, dialect: str) -> None:
    for part in (node.text("method"), node.text("kind")):
        if part.upper() not in _JOINS:
            raise UnportableError(node, f"`{part.lower()} join` has no equal in {dialect}", PLAINER)


def _check_window(node: exp.Expr, dialect: str) -> None:
    if node.text("kind").upper() not in ("", "ROWS", "RANGE"):
        raise UnportableError(node, f"frames of groups have no equal in {dialect}", PLAINER)


def _check_count(node: exp.Expr, dialect: str) -> None:
    distinct = node.this
    if isinstance(distinct, exp.Distinct) and len(distinct.expressions) != 1:
        raise UnportableError(node, f"`count` of two columns has no equal in {dialect}", PLAINER)


def _check_star(node: exp.Expr, dialect: str) -> None:
    if not isinstance(node.parent, exp.Count):
        raise UnportableError(node, "the columns of `*` are not known", "list them")


def _check_over(node: exp.Expr, dialect: str) -> None:
    if node.this.find(exp.Distinct):
        raise UnportableError(node, f"`distinct` over a window has no equal in {dialect}", PLAINER)


def _check_sorted(node: exp.Expr, dialect: str) -> None:
    if isinstance(node.parent, exp.AggFunc):
        raise UnportableError(node, f"`order by` in a function has no equal in {dialect}", PLAINER)


def _check_like(node: exp.Expr, dialect: str) -> None:
    pattern = node.expression
    if not pattern.is_string or "\\" in pattern.name:
        raise UnportableError(
            node, f"a backslash in a pattern means something else in {dialect}", PLAINER
        )


def _check_extreme(node: exp.Expr, dialect: str) -> None:
    if is_of(node.this, exp.DType.BOOLEAN):
        raise UnportableError(
            node, f"{named(node)} of true and false has no equal in {dialect}", "cast to int"
        )


Check = Callable[[exp.Expr, str], None]
_SPECIAL: Mapping[tuple[type[exp.Expr], ...], tuple[Check, ...]] = {
    (exp.Join,): (_check_join,),
    (exp.WindowSpec,): (_check_window,),
    (exp.Window,): (_check_over,),
    (exp.Order,): (_check_sorted,),
    (exp.Count,): (_check_count,),
    (exp.Star,): (_check_star,),
    (exp.Like,): (_check_like,),
    (exp.Ordered,): (check_order,),
    (exp.Min, exp.Max): (check_order, _check_extreme),
    (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between): (check_order_of_two,),
    (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In): (check_compared,),
    (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In): (check_digits,),
    (exp.Add, exp.Sub, exp.Mul, exp.Div): (check_digits,),
    (exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Lag, exp.Lead): (check_values,),
    (exp.Case, exp.If, exp.SetOperation): (check_values,),
    (exp.Where, exp.Having, exp.And, exp.Or, exp.Not, exp.If): (check_truth,),
    (exp.Sum, exp.Avg, exp.Stddev, exp.StddevSamp): (check_added,),
}
