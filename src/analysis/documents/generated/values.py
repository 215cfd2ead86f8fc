"""Values of a row: plain, as Python writes them, and as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """Give a value as parameters have it: times as ISO texts, decimals as numbers.

    Raises
    ------
    TypeError
        It is of a kind that has no such form: bytes, an interval.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(type(value).__name__)


def code(value: Any) -> str:
    """Write a plain value in Python, on one line, whatever it holds."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, str):
        # Quarto would take it for a shortcode, also within code.
        return repr(value).replace("{{<", "{\\x7b<")
    if isinstance(value, list):
        return f"[{', '.join(code(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{code(k)}: {code(v)}' for k, v in value.items())}}}"
    return repr(value)


def shown(value: Any) -> str:
    """Write a plain value as part of a text; nothing for a missing one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return str(value)
