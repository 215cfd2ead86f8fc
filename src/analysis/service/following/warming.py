"""A first prediction, which takes longer than others, before anybody waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.models.bundle.record import Field
from analysis.service.serving import Serving


def warm(serving: Serving) -> None:
    """Have each version predict one row, so that one which cannot is found before it is served."""
    for arm in serving.arms:
        arm.predictor.predict(example(arm.predictor.bundle.fields))


def example(fields: Sequence[Field]) -> dict[str, list[Any]]:
    """Give a row of values that are in the middle of what a model was trained on."""
    return {field.name: [_value(field)] for field in fields}


def _value(field: Field) -> Any:
    if field.type == "category":
        return field.categories[0] if field.categories else None
    if field.type == "boolean":
        return True
    middle = field.quantiles[len(field.quantiles) // 2] if field.quantiles else field.low
    return round(middle or 0) if field.type == "integer" else middle or 0.0
