"""Encoders of categories."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from analysis.models.sql.categories import Known, known_categories
from analysis.models.sql.term import Layers, Place, Term, Terms, number


def one_hot(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``OneHotEncoder``."""
    terms = layers.settle(at.names[-1], terms)
    made: list[Term] = []
    for place, known in enumerate(known_categories(step, terms, at)):
        if step.handle_unknown == "error":
            layers.guard(known.is_unknown())
        dropped = step._drop_idx_after_grouping
        left_out = None if dropped is None else dropped[place]
        joins = step.handle_unknown in ("infrequent_if_exist", "warn")
        made += _indicators(known, left_out, unknown_is_rare=joins)
    return tuple(made)


def _indicators(known: Known, left_out: int | None, *, unknown_is_rare: bool) -> Iterator[Term]:
    for code in range(known.codes):
        if code == left_out:
            continue
        if code == known.infrequent and unknown_is_rare:
            value = known.is_none_of([one for one in known.categories if one.code != code])
        else:
            value = known.is_one_of(known.of(code))
        yield known.term.to(value, nullable=False)


def ordinal(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write an ``OrdinalEncoder``."""
    terms = layers.settle(at.names[-1], terms)
    unknown = None
    if step.handle_unknown == "use_encoded_value":
        unknown = _value(step.unknown_value)
    made = []
    for known in known_categories(step, terms, at):
        if unknown is None:
            layers.guard(known.is_unknown())
        results = [
            (one, number(float(one.code)) if one.value else _value(step.encoded_missing_value))
            for one in known.categories
        ]
        is_null = any(isinstance(value, exp.Null) for value in (unknown, *(v for _, v in results)))
        made.append(known.term.to(known.lookup(results, unknown), nullable=is_null))
    return tuple(made)


def _value(value: Any) -> exp.Expr:
    return exp.null() if math.isnan(value) else number(float(value))


def target_encoded(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``TargetEncoder`` as it encodes rows that it was not fitted on."""
    terms = layers.settle(at.names[-1], terms)
    several = step.target_type_ == "multiclass"
    means = [float(mean) for mean in step.target_mean_] if several else [float(step.target_mean_)]
    made = []
    for place, known in enumerate(known_categories(step, terms, at)):
        for number_of, mean in enumerate(means):
            encoding = step.encodings_[place * len(means) + number_of]
            results = [(one, number(float(encoding[one.code]))) for one in known.categories]
            made.append(known.term.to(known.lookup(results, number(mean)), nullable=False))
    return tuple(made)
