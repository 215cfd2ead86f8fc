"""A fitted pipeline as a query over a relation that has its fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from analysis.models.bundle.record import Bundle, Field
from analysis.models.sql.answers import answers
from analysis.models.sql.estimators import scored
from analysis.models.sql.fields import field_term
from analysis.models.sql.steps import transformed
from analysis.models.sql.term import Layers, Place, Terms, infinite, missing

INPUT = "input"
# The most columns of a layer: PostgreSQL takes 1,664, SQLite 2,000.
WIDEST = 1500


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
    terms = fields_of(bundle.fields, layers)
    *steps, (name, last) = pipeline.steps
    for step_name, step in steps:
        terms = transformed(step, terms, layers, Place((step_name,)))
        # A database has only so many columns; what is wide is not used often.
        terms = layers.add(step_name, terms) if len(terms) <= WIDEST else terms
    scores = scored(last, terms, layers, Place((name,)))
    classes = [int(code) for code in getattr(last, "classes_", ())]
    query = answers(scores, classes, bundle, layers, Place((name,)))
    for cte, select in layers.ctes:
        query = query.with_(exp.to_identifier(cte, quoted=True), as_=select, copy=False)
    return query


def fields_of(fields: Sequence[Field], layers: Layers) -> Terms:
    """Read the fields; a row with what is not taken, missing or infinite, gets no answer."""
    terms = layers.add("field", [field_term(field) for field in fields])
    for field, term in zip(fields, terms, strict=True):
        if not field.nullable:
            layers.guard(missing(term))
        if field.type == "number":
            layers.guard(infinite(term))
    return tuple(
        replace(term, nullable=field.nullable) for field, term in zip(fields, terms, strict=True)
    )
