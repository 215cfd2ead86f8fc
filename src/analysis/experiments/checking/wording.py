"""Hints that name what may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

_MOST = 12


def closest(name: str, known: Sequence[str], what: str = "it has") -> str:
    """Ask whether one of the ``known`` names was meant, or list them."""
    folded = {other.lower(): other for other in known}
    if close := difflib.get_close_matches(name.lower(), folded, n=1):
        return f"did you mean `{folded[close[0]]}`?"
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return f"{what} {', '.join(known[:_MOST])}{more}"
