"""Functions of one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, equal, less, minus, over, power, shifted, times
from analysis.models.sql.scalers import standard
from analysis.models.sql.term import Layers, Place, Term, Terms, missing, number

# What is larger has no exponential among doubles.
_LARGEST = 709.782712893384
# And of what is less it is less than any that is not nought, but for some that are inexact.
_SMALLEST = -708.0


@dataclass(frozen=True)
class Function:
    """What it is in SQL, where it is defined, and where scikit-learn would go on with infinity."""

    written: Callable[[exp.Expr], exp.Expr]
    defined: Callable[[exp.Expr], exp.Expr] | None = None
    infinite: Callable[[exp.Expr], exp.Expr] | None = None


def applied(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``FunctionTransformer`` of a known function of numpy."""
    if step.func is None:
        return terms
    name = getattr(step.func, "__name__", "?")
    function = _FUNCTIONS.get(name)
    is_numpy = type(step.func).__module__.partition(".")[0] == "numpy"
    if function is None or not is_numpy or step.kw_args:
        raise at.refuse(f"the function `{name}` is not among what can be compiled")
    if text := [term.name for term in terms if term.kind == "category"]:
        raise at.refuse(f"the function `{name}` takes numbers, and `{text[0]}` is a category")
    terms = layers.settle(at.names[-1], terms)
    return tuple(_of(function, term, layers) for term in terms)


def _of(function: Function, term: Term, layers: Layers) -> Term:
    if function.infinite:
        layers.guard(function.infinite(term.expression))
    if function.defined is None:
        return term.to(function.written(term.expression))
    tested = [(function.defined(term.expression), function.written(term.expression))]
    return term.to(chosen(tested, None), nullable=True)


def ln(value: exp.Expr) -> exp.Expr:
    """Give the natural logarithm."""
    return exp.Ln(this=value.copy())


def exponential(value: exp.Expr) -> exp.Expr:
    """Give the exponential; PostgreSQL takes one that is next to nought for an error."""
    return chosen([(_below(_SMALLEST)(value), number(0.0))], exp.Exp(this=value.copy()))


def _above(least: float) -> Callable[[exp.Expr], exp.Expr]:
    return lambda value: less(number(least), value)


def _below(most: float) -> Callable[[exp.Expr], exp.Expr]:
    return lambda value: less(value, number(most))


def _is(what: float) -> Callable[[exp.Expr], exp.Expr]:
    return lambda value: equal(value, number(what))


def _logarithm(base: float) -> Function:
    factor = {2.0: 0.6931471805599453, 10.0: 2.302585092994046}[base]
    return Function(lambda value: over(ln(value), number(factor)), _above(0.0), _is(0.0))


_FUNCTIONS = {
    "log": Function(ln, _above(0.0), _is(0.0)),
    "log1p": Function(lambda value: ln(shifted(value, 1.0)), _above(-1.0), _is(-1.0)),
    "log2": _logarithm(2.0),
    "log10": _logarithm(10.0),
    "exp": Function(exponential, _below(_LARGEST), _above(_LARGEST)),
    "expm1": Function(
        lambda value: shifted(exponential(value), -1.0), _below(_LARGEST), _above(_LARGEST)
    ),
    "sqrt": Function(
        lambda value: exp.Sqrt(this=value.copy()),
        lambda value: exp.GTE(this=value.copy(), expression=number(0.0)),
    ),
    "square": Function(lambda value: times(value, value)),
    "absolute": Function(lambda value: exp.Abs(this=value.copy())),
    "negative": Function(lambda value: minus(number(0.0), value)),
    "reciprocal": Function(
        lambda value: over(number(1.0), value),
        lambda value: exp.NEQ(this=value.copy(), expression=number(0.0)),
        _is(0.0),
    ),
}


def power_transformed(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``PowerTransformer``."""
    terms = layers.settle(at.names[-1], terms)
    made = []
    for term, power_of in zip(terms, step.lambdas_, strict=True):
        value, exponent = term.expression, float(power_of)
        if step.method == "box-cox":
            layers.guard(exp.LTE(this=value.copy(), expression=number(0.0)))
            made.append(term.to(chosen([(_above(0.0)(value), _stretched(value, exponent))], None)))
        else:
            made.append(term.to(_yeo_johnson(term, exponent)))
    return standard(step._scaler, tuple(made), layers, at) if step.standardize else tuple(made)


def _yeo_johnson(term: Term, exponent: float) -> exp.Expr:
    """Follow Yeo and Johnson (2000), "A new family of power transformations"."""
    value = term.expression
    above = _stretched(shifted(value, 1.0), exponent)
    below = minus(number(0.0), _stretched(minus(number(1.0), value), 2.0 - exponent))
    cases = [(missing(term), exp.null())] if term.nullable else []
    return chosen([*cases, (_below(0.0)(value), below)], above)


def _stretched(value: exp.Expr, exponent: float) -> exp.Expr:
    """Give the power less one by the exponent, which is the logarithm as that goes to nought."""
    if abs(exponent) < 1e-12:
        return ln(value)
    return over(shifted(power(value, exponent), -1.0), number(exponent))
