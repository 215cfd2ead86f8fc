"""Numbers by the bin, or by the side of a threshold, that they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, less, whether
from analysis.models.sql.term import Layers, Place, Term, Terms, number


def binned(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``KBinsDiscretizer``: a bin begins with its lower edge."""
    if step.dtype is not None and np.dtype(step.dtype) != np.float64:
        raise at.refuse("it computes with numbers of single precision (`dtype`)")
    terms = layers.settle(at.names[-1], terms)
    made: list[Term] = []
    for term, edges in zip(terms, step.bin_edges_, strict=True):
        inner = [float(edge) for edge in edges[1:-1]]
        if step.encode == "ordinal":
            made.append(term.to(_bin(term, inner)))
        else:
            made += [term.to(one, nullable=False) for one in _bins(term, inner)]
    return tuple(made)


def _bin(term: Term, inner: Sequence[float]) -> exp.Expr:
    if not inner:
        return number(0.0)
    cases = [
        (less(term.expression, number(edge)), number(float(code)))
        for code, edge in enumerate(inner)
    ]
    return chosen(cases, number(float(len(inner))))


def _bins(term: Term, inner: Sequence[float]) -> Sequence[exp.Expr]:
    tests = []
    for low, high in zip([None, *inner], [*inner, None], strict=True):
        parts: list[exp.Expr] = []
        if low is not None:
            parts.append(exp.GTE(this=term.expression.copy(), expression=number(low)))
        if high is not None:
            parts.append(less(term.expression, number(high)))
        tests.append(whether(exp.and_(*parts)) if parts else number(1.0))
    return tests


def binarized(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``Binarizer``."""
    threshold = number(float(step.threshold))
    return tuple(term.to(whether(less(threshold, term.expression))) for term in terms)
