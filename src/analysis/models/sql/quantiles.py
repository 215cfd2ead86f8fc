"""Numbers by the share of the training rows that are below."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, equal, less, plus, shifted, times
from analysis.models.sql.term import Layers, Place, Term, Terms, missing, number


@dataclass(frozen=True)
class Knot:
    """A value, and the shares of training rows that are below it and not above it."""

    value: float
    below: float
    up_to: float


def quantiles(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``QuantileTransformer`` to shares; SQL has no quantiles of the normal curve."""
    if step.output_distribution != "uniform":
        raise at.refuse("its output is normal, and databases have no quantiles of that")
    terms = layers.settle(at.names[-1], terms)
    return tuple(
        term.to(_share(term, _knots(step.quantiles_[:, place], step.references_)))
        for place, term in enumerate(terms)
    )


def _knots(values: Any, shares: Any) -> Sequence[Knot]:
    knots: list[Knot] = []
    for value, share in zip(map(float, values), map(float, shares), strict=True):
        if knots and knots[-1].value == value:
            knots[-1] = Knot(value, knots[-1].below, share)
        else:
            knots.append(Knot(value, share, share))
    return knots


def _share(term: Term, knots: Sequence[Knot]) -> exp.Expr:
    value = term.expression
    cases: list[tuple[exp.Expr, exp.Expr]] = []
    if term.nullable:
        cases.append((missing(term), exp.null()))
    cases.append((exp.LTE(this=value.copy(), expression=number(knots[0].value)), number(0.0)))
    return chosen([*cases, *_between(value, knots)], number(1.0))


def _between(value: exp.Expr, knots: Sequence[Knot]) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    for left, right in itertools.pairwise(knots):
        slope = (right.below - left.up_to) / (right.value - left.value)
        rise = times(shifted(value, -left.value), number(slope))
        yield less(value, number(right.value)), plus(number(left.up_to), rise)
        if right is not knots[-1]:
            middle = 0.5 * (right.below + right.up_to)
            yield equal(value, number(right.value)), number(middle)
