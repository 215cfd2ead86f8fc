"""A fitted pipeline as a query over a relation that has its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from analysis.models.bundle.record import Bundle, Field
from analysis.models.sql.estimators import Scores, scored
from analysis.models.sql.steps import transformed
from analysis.models.sql.term import Layers, Place, Term, column, number

INPUT = "input"


def compiled(pipeline: Any, bundle: Bundle, key: Sequence[str], source: str = INPUT) -> exp.Select:
    """Write ``pipeline`` as a query: the key, then the bundle's outputs, a row for each of source.

    ``source`` is the name of a relation with the columns of ``key`` and of ``bundle.fields``.

    Raises
    ------
    UncompilableError
        A step cannot be written as SQL; which one, and why.
    """
    layers = Layers(source, tuple(key))
    terms = layers.add("field", [_field(field) for field in bundle.fields])
    *steps, (name, last) = pipeline.steps
    for step_name, step in steps:
        terms = layers.add(step_name, transformed(step, terms, Place((step_name,))))
    scores = scored(last, terms, layers, Place((name,)))
    query = _answers(scores, bundle, layers)
    for cte, select in layers.ctes:
        query = query.with_(exp.to_identifier(cte, quoted=True), as_=select, copy=False)
    return query


def _field(field: Field) -> Term:
    read = column(field.name)
    if field.type == "category":
        return Term(field.name, exp.cast(read, "text"), "category")
    if field.type == "boolean":
        whether = exp.Case().when(read, number(1.0)).when(exp.not_(read), number(0.0))
        return Term(field.name, whether)
    return Term(field.name, exp.cast(read, "double"))


def _answers(scores: Scores, bundle: Bundle, layers: Layers) -> exp.Select:
    raise NotImplementedError  # the first thing to write
