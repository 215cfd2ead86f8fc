"""Numbers as prose and tables write them: separators, a proper minus, a dash for nothing."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

MISSING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def number(value: Any, digits: int = 0, *, sign: bool = False) -> str:
    """Write a number with thousands separators: ``1,234.5``; ``sign`` also shows a plus."""
    if _is_missing(value):
        return MISSING
    text = f"{abs(value):,.{digits}f}"
    if not any(character in "123456789" for character in text):
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def percent(share: Any, digits: int = 1, *, sign: bool = False) -> str:
    """Write a share as a percentage: 0.1234 becomes ``12.3%``."""
    if _is_missing(share):
        return MISSING
    return number(share * 100, digits, sign=sign) + "%"


def points(difference: Any, digits: int = 1) -> str:
    """Write a difference of shares in signed percentage points: 0.012 becomes ``+1.2``."""
    return MISSING if _is_missing(difference) else number(difference * 100, digits, sign=True)


def interval(low: Any, high: Any, write: Callable[[Any], str] = percent) -> str:
    """Write an interval, its ends with ``write``: ``12.3% to 14.0%``."""
    if _is_missing(low) or _is_missing(high):
        return MISSING
    return f"{write(low)} to {write(high)}"


def date(value: Any) -> str:
    """Write a date, or the date of a time stamp: ``5 January 2013``."""
    if _is_missing(value):
        return MISSING
    moment = datetime.date.fromisoformat(str(value)[:10])
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


# Not from the locale, so that the same page reads the same on every machine.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    try:
        return math.isnan(value)
    except TypeError:  # dates; pandas' own missing values say so with their text
        return str(value) in ("NaT", "<NA>")
