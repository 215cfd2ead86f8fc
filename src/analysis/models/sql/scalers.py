"""Scalers: each column by itself, shifted and stretched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, less, over, shifted, times
from analysis.models.sql.term import Layers, Place, Term, Terms, number


def standard(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``StandardScaler``."""
    means = step.mean_ if step.with_mean else None
    return _centred(terms, means, step.scale_ if step.with_std else None)


def robust(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``RobustScaler``."""
    centres = step.center_ if step.with_centering else None
    return _centred(terms, centres, step.scale_ if step.with_scaling else None)


def max_abs(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``MaxAbsScaler``."""
    made = _centred(terms, None, step.scale_)
    return _clipped(made, -1.0, 1.0, layers, at) if step.clip else made


def min_max(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``MinMaxScaler``."""
    made = tuple(
        term.to(shifted(times(term.expression, number(scale)), float(least)))
        for term, scale, least in zip(terms, step.scale_, step.min_, strict=True)
    )
    low, high = step.feature_range
    return _clipped(made, low, high, layers, at) if step.clip else made


def _centred(terms: Terms, centres: Sequence[Any] | None, scales: Sequence[Any] | None) -> Terms:
    made = []
    for place, term in enumerate(terms):
        value = term.expression
        if centres is not None:
            value = shifted(value, -float(centres[place]))
        if scales is not None:
            value = over(value, number(float(scales[place])))
        made.append(term.to(value))
    return tuple(made)


def _clipped(terms: Terms, low: float, high: float, layers: Layers, at: Place) -> Terms:
    settled = layers.settle(at.names[-1], terms)
    return tuple(term.to(_between(term, float(low), float(high))) for term in settled)


def _between(term: Term, low: float, high: float) -> exp.Expr:
    value = term.expression
    cases = [
        (less(value, number(low)), number(low)),
        (less(number(high), value), number(high)),
    ]
    return chosen(cases, value.copy())
