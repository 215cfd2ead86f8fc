"""From scores to probabilities, and the least of logic that estimators need.

What scikit-learn computes may overflow on the way without harm; some databases raise an error for
it, PostgreSQL also when a number is too near to zero. So arguments of ``EXP`` are kept in bounds
beyond which no probability changes by more than 1e-300.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from analysis.models.sql.term import Layers, Term, Terms, number, total

BOUND = 700.0
LARGEST = 1.7976931348623157e308


def case(condition: exp.Expr, then: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Case:
    """Write ``CASE WHEN condition THEN then ELSE otherwise END``."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


def joined(kind: type[exp.Connector], parts: Sequence[exp.Expr]) -> exp.Expr:
    """Join conditions by ``AND`` or ``OR``, as a balanced tree."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    sides = (joined(kind, parts[:middle]), joined(kind, parts[middle:]))
    # What was joined just now is nobody else's: to copy it at each level costs most of the time.
    left, right = (exp.paren(side, copy=not isinstance(side, kind)) for side in sides)
    return kind(this=left, expression=right)


def divided(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Divide numbers that are doubles."""
    return exp.Div(this=exp.paren(left), expression=exp.paren(right), typed=True)


def minus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Subtract."""
    return exp.Sub(this=exp.paren(left), expression=exp.paren(right))


def finite(score: exp.Expr) -> exp.Expr:
    """Give a score, ``NULL`` unless it is finite: what is not comes from values that are not."""
    within = exp.Between(this=score.copy(), low=number(-LARGEST), high=number(LARGEST))
    return case(within, score.copy())


def sigmoid(score: exp.Expr) -> exp.Expr:
    """Give 1 / (1 + exp(-score)); ``score`` is written three times, so it should be a column."""
    bounded = case(
        exp.GT(this=score.copy(), expression=number(BOUND)),
        number(-BOUND),
        exp.Neg(this=score.copy()),
    )
    low = exp.LT(this=score.copy(), expression=number(-BOUND))
    bounded.append("ifs", exp.If(this=low, true=number(BOUND)))
    return divided(number(1.0), exp.Add(this=number(1.0), expression=exp.Exp(this=bounded)))


def exponential(score: exp.Expr) -> exp.Expr:
    """Give exp(score), 0 or ``NULL`` where it is too small or too large to be a number."""
    low = exp.LT(this=score.copy(), expression=number(-BOUND))
    high = exp.LTE(this=score.copy(), expression=number(709.0))
    written = case(low, number(0.0))
    written.append("ifs", exp.If(this=high, true=exp.Exp(this=score.copy())))
    return written


def positive(score: exp.Expr, *, or_zero: bool = False) -> exp.Expr:
    """Give the code of one of two classes: 1 if the score is above zero, ``NULL`` without one."""
    above, below = (exp.GTE, exp.LT) if or_zero else (exp.GT, exp.LTE)
    written = case(above(this=score.copy(), expression=number(0.0)), exp.Literal.number(1))
    zero = exp.If(this=below(this=score.copy(), expression=number(0.0)), true=exp.Literal.number(0))
    written.append("ifs", zero)
    return written


def both(probability: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Give the probabilities of two classes from that of the second."""
    return minus(number(1.0), probability.copy()), probability


def highest(scores: Terms, layers: Layers, name: str) -> tuple[exp.Expr, exp.Expr]:
    """Give the highest score, and the code of the first class that has it, over a new layer.

    The scores are still columns of it, under their names.
    """
    largest = exp.Greatest(
        this=scores[0].expression.copy(),
        expressions=[term.expression.copy() for term in scores[1:]],
    )
    (top,) = layers.add(name, [Term("highest", largest)], keep=names_of(scores))
    code = exp.Case(
        ifs=[
            exp.If(
                this=exp.EQ(this=term.expression.copy(), expression=top.expression.copy()),
                true=exp.Literal.number(place),
            )
            for place, term in enumerate(scores)
        ]
    )
    return top.expression, code


def softmax(scores: Terms, layers: Layers, name: str) -> tuple[exp.Expr, ...]:
    """Give probabilities of several classes, over a new layer."""
    top, _ = highest(scores, layers, f"{name}_top")
    parts = layers.add(
        f"{name}_exp", [term.to(exponential_below(term.expression, top)) for term in scores]
    )
    return normalised(parts, layers, f"{name}_sum")


def exponential_below(score: exp.Expr, top: exp.Expr) -> exp.Expr:
    """Give exp(score - top), which is at most 1."""
    below = minus(score.copy(), top.copy())
    low = exp.LT(this=below, expression=number(-BOUND))
    return case(low, number(0.0), exp.Exp(this=below.copy()))


def normalised(
    parts: Terms, layers: Layers, name: str, *, even: bool = False
) -> tuple[exp.Expr, ...]:
    """Divide parts by their sum, over a new layer; ``even``: all are the same if the sum is 0."""
    whole = total([part.expression.copy() for part in parts])
    (divisor,) = layers.add(name, [Term("sum", whole)], keep=names_of(parts))
    shares = [divided(part.expression.copy(), divisor.expression.copy()) for part in parts]
    if not even:
        return tuple(shares)
    nothing = exp.EQ(this=divisor.expression, expression=number(0.0))
    return tuple(case(nothing.copy(), number(1 / len(parts)), share) for share in shares)


def names_of(terms: Terms) -> tuple[str, ...]:
    """Name the columns that terms are."""
    return tuple(term.expression.name for term in terms)
