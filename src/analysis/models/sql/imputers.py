"""Missing values: what is put in their place, and columns that tell of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, equal, whether
from analysis.models.sql.term import Layers, Place, Term, Terms, missing, number, text


def imputed(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``SimpleImputer``."""
    return (*_filled(step, terms, at), *_indicators(step.indicator_, terms, at))


def indicated(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write a ``MissingIndicator``."""
    known = {int(place) for place in step.features_}
    if step.features == "missing-only" and step.error_on_new:
        for place, term in enumerate(terms):
            if place not in known and (term.nullable or not _is_nan(step.missing_values)):
                layers.guard(_is_missing(step, term, at))
    return tuple(_indicators(step, terms, at))


def _filled(step: Any, terms: Terms, at: Place) -> Iterator[Term]:
    for term, statistic in zip(terms, step.statistics_, strict=True):
        if _is_nan(statistic) and not step.keep_empty_features:
            continue  # it had no value at all
        fill = _fill(term, statistic, at)
        if not _is_nan(step.missing_values):
            test = _is_missing(step, term, at)
            yield term.to(chosen([(test, fill)], term.expression.copy()), term.kind)
        elif term.nullable:
            filled = exp.Coalesce(this=term.expression.copy(), expressions=[fill])
            yield term.to(filled, term.kind, nullable=False)
        else:
            yield term


def _fill(term: Term, statistic: Any, at: Place) -> exp.Expr:
    if term.kind == "category":
        if not isinstance(statistic, str):
            raise at.refuse(f"the category `{term.name}` is filled with {statistic!r}, not a text")
        return text(statistic)
    if isinstance(statistic, str):
        raise at.refuse(f"the number `{term.name}` is filled with the text {statistic!r}")
    return number(float(statistic))


def _indicators(step: Any, terms: Terms, at: Place) -> Iterator[Term]:
    for place in step.features_ if step is not None else ():
        term = terms[int(place)]
        name = f"missingindicator_{term.name}"
        if _is_nan(step.missing_values) and not term.nullable:
            yield Term(name, number(0.0), nullable=False)
        else:
            yield Term(name, whether(_is_missing(step, term, at)), nullable=False)


def _is_missing(step: Any, term: Term, at: Place) -> exp.Expr:
    value = step.missing_values
    if _is_nan(value):
        return missing(term)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if term.kind == "category" and isinstance(value, str):
        return equal(term.expression, text(value))
    if term.kind == "number" and is_number:
        return equal(term.expression, number(float(value)))
    raise at.refuse(f"`missing_values` is {value!r}, and `{term.name}` is a {term.kind}")


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
