"""A fitted pipeline as a query over a relation that has its fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlglot import exp

from analysis.models.bundle.record import Bundle
from analysis.models.sql.answers import answers
from analysis.models.sql.estimators import scored
from analysis.models.sql.fields import field_term
from analysis.models.sql.steps import transformed
from analysis.models.sql.term import Layers, Place

INPUT = "input"


def compiled(
    pipeline: Any,
    bundle: Bundle,
    key: Sequence[str],
    source: str = INPUT,
    taken: Iterable[str] = (),
) -> exp.Select:
    """Write ``pipeline`` as a query: the key, then the bundle's outputs, a row for each of source.

    ``source`` is the name of a relation with the columns of ``key`` and of ``bundle.fields``;
    no name in the query is one of ``taken``.

    Raises
    ------
    UncompilableError
        A step cannot be written as SQL; which one, and why.
    """
    layers = Layers(source, tuple(key), frozenset(taken))
    terms = layers.add("field", [field_term(field) for field in bundle.fields])
    *steps, (name, last) = pipeline.steps
    for step_name, step in steps:
        place = Place((step_name,))
        terms = layers.add(step_name, transformed(step, terms, place))
    scores = scored(last, terms, layers, Place((name,)))
    classes = [int(code) for code in getattr(last, "classes_", ())]
    query = answers(scores, classes, bundle, layers, Place((name,)))
    for cte, select in layers.ctes:
        query = query.with_(exp.to_identifier(cte, quoted=True), as_=select, copy=False)
    return query
