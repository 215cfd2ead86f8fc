"""Whether values are what a model takes: pure rules, for the API and for files alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.models.bundle.record import Field

OutOfRange = Literal["refuse", "allow"]
Columns = Mapping[str, Sequence[Any]]
_UNKNOWN = "is no field of the model"
_NONE, _LONGEST = type(None), 60
# A longer text is no category; a line of the log could not hold it, and nobody could read that log.
LONGEST_TEXT = 65_536


@dataclass(frozen=True)
class Fault:
    """Something in the input that the model does not take.

    ``row`` counts from nought; it is ``None`` where the whole column is meant. ``what`` follows
    the name of the field: "`wind` is missing".
    """

    field: str
    row: int | None
    what: str

    def __str__(self) -> str:
        """Say it to a person, who counts rows from 1."""
        where = "" if self.row is None else f" in row {self.row + 1:,}"
        return f"`{self.field}`{where} {self.what}"


def check_columns(
    fields: Sequence[Field], columns: Columns, out_of_range: OutOfRange = "refuse"
) -> tuple[Fault, ...]:
    """Find the first fault of each field, and all columns that are none.

    Whole columns are looked at first, which takes about 50 ns a value; rows only where one of
    them is not fine.
    """
    known = {field.name for field in fields}
    faults = [Fault(name, None, _UNKNOWN) for name in columns if name not in known]
    for field in fields:
        if field.name not in columns:
            faults.append(Fault(field.name, None, "is missing"))
        elif not _is_fine(field, columns[field.name], out_of_range):
            faults += _first(field, columns[field.name], out_of_range)
    return tuple(faults)


def wrong(field: Field, value: Any, out_of_range: OutOfRange = "refuse") -> str | None:
    """Say what is wrong with a value, if something is; this is the rule."""
    if value is None:
        return None if field.nullable else "is null, which the model does not take"
    if field.type == "boolean":
        return None if isinstance(value, bool) else f"is no boolean, but {_kind(value)}"
    if field.type == "category":
        return _wrong_category(field, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"is no number, but {_kind(value)}"
    return _wrong_number(field, value, out_of_range)


def _wrong_category(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"is no text, but {_kind(value)}"
    if value in field.categories:
        return None
    if len(value) > LONGEST_TEXT:
        return f"is a text of more than {LONGEST_TEXT:,} characters"
    if field.unseen:
        return None
    return f"is none of the categories that the model knows{_shown(field, value)}"


def _wrong_number(field: Field, value: float, out_of_range: OutOfRange) -> str | None:
    try:
        number = float(value)
    except OverflowError:
        return "is a number that is too large"
    if math.isnan(number):
        return "is NaN, which is no value" + ("; write null" if field.nullable else "")
    if math.isinf(number):
        return "is infinite"
    if field.type == "integer" and not number.is_integer():
        return f"is no whole number{_shown(field, value)}"
    if out_of_range == "allow" or field.low is None or field.high is None:
        return None
    if field.low <= number <= field.high:
        return None
    told = f"is not from {field.low:.15g} to {field.high:.15g}"
    return f"{told}, as all were that it was trained on{_shown(field, value)}"


def _shown(field: Field, value: Any) -> str:
    """Quote a value in a message, unless it tells of a person."""
    if field.personal:
        return ""
    text = repr(value) if isinstance(value, float) else str(value)
    return f": `{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}`"


def _kind(value: Any) -> str:
    """Name what a value is, in the words of JSON."""
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, Mapping) else "something else"


def _first(field: Field, values: Sequence[Any], out_of_range: OutOfRange) -> Iterator[Fault]:
    for row, value in enumerate(values):
        if what := wrong(field, value, out_of_range):
            yield Fault(field.name, row, what)
            return


def _is_fine(field: Field, values: Sequence[Any], out_of_range: OutOfRange) -> bool:
    """Say whether a whole column is surely fine; where it says no, each value has to be asked."""
    types = set(map(type, values))
    if _NONE in types and not field.nullable:
        return False
    types.discard(_NONE)
    if field.type == "boolean":
        return types <= {bool}
    if field.type == "category":
        known = {*field.categories, None}
        return types <= {str} and (
            known.issuperset(values) or (field.unseen and _are_short(values))
        )
    if not types <= {int, float}:
        return False
    try:
        numbers = np.array(values, dtype=float)
    except OverflowError:
        return False
    missing = np.isnan(numbers)
    # Both are NaN here, and only one of them may be.
    if missing.any() and int(missing.sum()) != values.count(None):
        return False
    return _are_fine(field, numbers[~missing], out_of_range)


def _are_short(texts: Sequence[str | None]) -> bool:
    return all(text is None or len(text) <= LONGEST_TEXT for text in set(texts))


def _are_fine(field: Field, numbers: Any, out_of_range: OutOfRange) -> bool:
    if not len(numbers):
        return True
    low, high = float(numbers.min()), float(numbers.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        return False
    if field.type == "integer" and not bool((numbers == np.floor(numbers)).all()):
        return False
    if out_of_range == "allow" or field.low is None or field.high is None:
        return True
    return field.low <= low and high <= field.high
