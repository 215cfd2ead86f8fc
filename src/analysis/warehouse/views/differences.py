"""The rows that a view has against those that it should have, and telling where they differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

TOLERANCE = 1e-9
# Differences of numbers near zero are what is left of larger ones.
_NEAR_ZERO = 1e-12
_MOST_ROWS = 20
_MOST_CHARACTERS = 40

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """A row that is wrong, and in which way: ``missing``, ``unexpected``."""

    way: str
    row: Values


def differences(
    expected: Sequence[Values], found: Sequence[Values], *, ordered: bool
) -> tuple[Difference, ...]:
    """Compare rows: in their order, or each as often as it is there."""
    if ordered:
        return tuple(_in_order(expected, found))
    left = list(found)
    missing = [row for row in expected if not _take(row, left)]
    return (
        *(Difference("missing", row) for row in missing),
        *(Difference("unexpected", row) for row in left),
    )


def _take(row: Values, left: list[Values]) -> bool:
    """Take the first that equals ``row`` out of ``left``, if there is one."""
    for index, other in enumerate(left):
        if is_same(row, other):
            del left[index]
            return True
    return False


def _in_order(expected: Sequence[Values], found: Sequence[Values]) -> list[Difference]:
    wrong: list[Difference] = []
    for number, (one, other) in enumerate(zip_longest(expected, found), 1):
        if one is None or other is None or not is_same(one, other):
            if one is not None:
                wrong.append(Difference(f"row {number} missing", one))
            if other is not None:
                wrong.append(Difference(f"row {number} unexpected", other))
    return wrong


def is_same(one: Any, other: Any) -> bool:
    """Compare two values of the same type of DuckDB; floating-point numbers need only be close."""
    if isinstance(one, float) and isinstance(other, float):
        both_missing = math.isnan(one) and math.isnan(other)
        return both_missing or math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=_NEAR_ZERO)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    return bool(one == other)


def tell(columns: Sequence[str], wrong: Sequence[Difference]) -> str:
    """Write the rows that are wrong as a small table."""
    shown = wrong[:_MOST_ROWS]
    lines = [("", *columns), *((each.way, *map(_text, each.row)) for each in shown)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns) + 1)]
    told = [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    if len(wrong) > len(shown):
        told.append(f"… and {len(wrong) - len(shown)} more rows")
    return "\n".join(told)


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = text.replace("\n", "⏎") or "''"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
