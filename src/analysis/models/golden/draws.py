"""Values of fields that are made up from aggregates: no row of the training data is in them."""

from __future__ import annotations

import numpy as np

from analysis.models.bundle.record import QUANTILES, Field

Value = float | int | bool | str | None
# Texts that are hard to write in SQL, in JSON, or to tell from others.
_STRANGE = ("unseen", 'it\'s "new"', "", " ", "ÄÖ-未知-🛩", "null", "100%", "a\\b; --")


def typical(field: Field) -> Value:
    """Give the value in the middle, or the one that most rows have; ``None`` if none has any."""
    if field.type == "category":
        return field.categories[int(np.argmax(field.shares))] if field.categories else None
    if field.type == "boolean":
        return None if field.mean is None else field.mean >= 0.5
    return None if field.low is None else as_number(field, field.quantiles[QUANTILES.index(0.5)])


def drawn(field: Field, count: int, random: np.random.Generator) -> list[Value]:
    """Draw values of a field, on its own, as they are spread; some are missing, where they may."""
    gone = random.random(count) < field.nulls
    found = _drawn(field, count, random)
    empty = None if field.nullable else typical(field)
    return [empty if missing else value for missing, value in zip(gone, found, strict=True)]


def unseen_texts(field: Field) -> tuple[str, ...]:
    """Give texts that are no categories of a field."""
    known = set(field.categories)
    others = tuple(text for text in _STRANGE if text not in known)
    turned = (name.swapcase() for name in field.categories)
    near = [text for text in turned if text not in known][:1]
    return (*others, *near) or (max(known, key=len) + "_",)


def as_number(field: Field, value: float) -> Value:
    """Give a number within the range of a field; a whole one, where it is of integers."""
    assert field.low is not None and field.high is not None
    inside = min(max(value, field.low), field.high)
    return round(inside) if field.type == "integer" else float(inside)


def _drawn(field: Field, count: int, random: np.random.Generator) -> list[Value]:
    if field.type == "category":
        if not field.categories:
            return [None] * count
        shares = np.array(field.shares) / sum(field.shares)
        places = random.choice(len(shares), count, p=shares)
        return [field.categories[place] for place in places]
    if field.type == "boolean":
        mean = field.mean
        draws = random.random(count)
        return [None] * count if mean is None else [bool(draw < mean) for draw in draws]
    if field.low is None or field.high is None:
        return [None] * count
    known = (field.low, *field.quantiles, field.high)
    values = np.interp(random.random(count), (0.0, *QUANTILES, 1.0), known)
    return [as_number(field, float(value)) for value in values]
