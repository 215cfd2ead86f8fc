"""Columns made of several, and the choice of some."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, over, shifted, times, within
from analysis.models.sql.term import Layers, Place, Term, Terms, number, total


def selected(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a step that chooses columns."""
    return tuple(terms[place] for place in step.get_support(indices=True))


def polynomial(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write ``PolynomialFeatures``."""
    terms = layers.settle(at.names[-1], terms)
    return tuple(_product(terms, powers) for powers in step.powers_)


def _product(terms: Terms, powers: Sequence[int]) -> Term:
    factors = [
        term.expression.copy()
        for term, times_in in zip(terms, powers, strict=True)
        for _ in range(int(times_in))
    ]
    if not factors:
        return Term("1", number(1.0), nullable=False)
    name = " ".join(t.name for t, p in zip(terms, powers, strict=True) for _ in range(int(p)))
    value = functools.reduce(lambda left, right: exp.Mul(this=left, expression=right), factors)
    is_nullable = any(t.nullable for t, p in zip(terms, powers, strict=True) if p)
    return Term(name, value, nullable=is_nullable)


def decomposed(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write ``PCA`` or ``TruncatedSVD``: sums of the columns, each with its weight."""
    terms = layers.settle(at.names[-1], terms)
    weights = np.asarray(step.components_, float)
    centres = getattr(step, "mean_", None)
    offsets = np.zeros(len(weights)) if centres is None else -weights @ np.asarray(centres)
    scales = np.ones(len(weights))
    if getattr(step, "whiten", False):
        scales = np.maximum(np.sqrt(step.explained_variance_), np.finfo(float).eps)
    return tuple(
        terms[0].to(_weighted_sum(terms, row / scale, offset / scale), name=f"component_{place}")
        for place, (row, offset, scale) in enumerate(zip(weights, offsets, scales, strict=True))
    )


def _weighted_sum(terms: Terms, weights: Any, offset: float) -> exp.Expr:
    parts = [
        times(term.expression, number(float(weight)))
        for term, weight in zip(terms, weights, strict=True)
    ]
    return shifted(total(parts), float(offset))


def normalized(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``Normalizer``; a row of noughts stays as it is."""
    terms = layers.settle(at.names[-1], terms)
    [norm] = layers.settle(at.names[-1], (Term("norm", _norm(step.norm, terms)),))
    is_nought = exp.EQ(this=norm.expression.copy(), expression=number(0.0))
    divisor = chosen([(is_nought, number(1.0))], norm.expression.copy())
    [divisor_term] = layers.settle(at.names[-1], (Term("divisor", divisor),))
    return tuple(term.to(over(term.expression, divisor_term.expression)) for term in terms)


def _norm(kind: str, terms: Terms) -> exp.Expr:
    values = [term.expression for term in terms]
    if kind == "l2":
        return exp.Sqrt(this=total([times(value, value) for value in values]))
    sizes: list[exp.Expr] = [exp.Abs(this=value.copy()) for value in values]
    if kind == "l1":
        return total(sizes)
    return (
        exp.Greatest(this=sizes[0], expressions=sizes[1:]) if len(sizes) > 1 else within(sizes[0])
    )
