"""The fields of a model, in aggregates of the rows that it was fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.experiments.checking.kinds import is_whole
from analysis.models.bundle.record import QUANTILES, ClassType, Field, FieldType, KeyField
from analysis.models.promoting.source import Source

if TYPE_CHECKING:
    import pandas as pd


def fields_of(source: Source) -> tuple[Field, ...]:
    """Describe the columns that the model takes; what it takes of missing and unseen is not known.

    No row is in it, but the least and the largest number, and the categories, which the model
    knows itself.
    """
    return tuple(_field(source, name) for name in source.names)


def key_of(source: Source) -> tuple[KeyField, ...]:
    """Describe the key."""
    return tuple(
        KeyField(name, source.columns[name].type, name in source.personal)
        for name in source.planned.data.key
    )


def class_type(source: Source) -> ClassType:
    """Say how classes are written in answers: as the target has them."""
    kind = source.columns[source.planned.data.target].type
    if kind == "BOOLEAN":
        return "boolean"
    return "integer" if is_whole(kind) else "text"


def _field(source: Source, name: str) -> Field:
    told, values = source.columns[name], source.study.data.frame[name]
    kind = _type(source.kinds[name], told.type)
    field = Field(
        name=name,
        type=kind,
        relation=told.view,
        description=told.description,
        unit=told.unit,
        nullable=False,
        nulls=float(values.isna().mean()) if len(values) else 0.0,
        personal=name in source.personal,
    )
    there = values[values.notna()]
    if kind == "category":
        return replace(field, **_categories(there))
    numbers = there.astype("float64").to_numpy()
    if not len(numbers):
        return field
    if kind == "boolean":
        return replace(field, mean=float(numbers.mean()))
    return replace(
        field,
        low=float(numbers.min()),
        high=float(numbers.max()),
        mean=float(numbers.mean()),
        quantiles=tuple(map(float, np.quantile(numbers, QUANTILES))),
    )


def _type(kind: str, type_name: str) -> FieldType:
    if kind == "number":
        return "integer" if is_whole(type_name) else "number"
    return "boolean" if kind == "boolean" else "category"


def _categories(values: pd.Series[Any]) -> Mapping[str, Any]:
    """Give the values as texts in the order in which the model knows them, with their shares."""
    texts = np.array([*map(str, values.astype(object))], dtype=object)
    names, counts = np.unique(texts, return_counts=True)
    return {
        "categories": tuple(map(str, names)),
        "shares": tuple(float(count) / len(texts) for count in counts),
    }
