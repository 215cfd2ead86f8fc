"""Arithmetic of SQL, with parentheses where they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from analysis.models.sql.term import number

_PLAIN = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Cast)


def within(value: exp.Expr) -> exp.Expr:
    """Copy a value, to be a part of another expression."""
    return value.copy() if isinstance(value, _PLAIN) else exp.paren(value.copy(), copy=False)


def plus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Add."""
    return exp.Add(this=within(left), expression=within(right))


def minus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Subtract."""
    return exp.Sub(this=within(left), expression=within(right))


def times(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Multiply."""
    return exp.Mul(this=within(left), expression=within(right))


def over(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Divide doubles."""
    return exp.Div(this=within(left), expression=within(right), typed=True, safe=False)


def shifted(value: exp.Expr, by: float) -> exp.Expr:
    """Add a number, if it is not nought."""
    if by == 0:
        return value.copy()
    return plus(value, number(by)) if by > 0 else minus(value, number(-by))


def power(value: exp.Expr, to: float) -> exp.Expr:
    """Raise to a power."""
    return exp.Pow(this=within(value), expression=within(number(to)))


def equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Ask whether two are the same."""
    return exp.EQ(this=within(left), expression=within(right))


def less(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Ask whether the first is less."""
    return exp.LT(this=within(left), expression=within(right))


def chosen(cases: Iterable[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr | None) -> exp.Expr:
    """Give the value of the first condition that holds, else ``otherwise``, or `NULL`."""
    case = exp.Case(ifs=[exp.If(this=test, true=value) for test, value in cases])
    if otherwise is not None:
        case.set("default", otherwise)
    return case


def looked_up(
    value: exp.Expr, found: Sequence[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr | None
) -> exp.Expr:
    """Give what belongs to the first that ``value`` equals, else ``otherwise``, or `NULL`."""
    ifs = [exp.If(this=key, true=result) for key, result in found]
    case = exp.Case(this=value.copy(), ifs=ifs)
    if otherwise is not None:
        case.set("default", otherwise)
    return case


def whether(test: exp.Expr) -> exp.Expr:
    """Give 1 where the test holds, else 0."""
    return chosen([(test, number(1.0))], number(0.0))
