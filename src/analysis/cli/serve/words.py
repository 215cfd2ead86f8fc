"""Options that take one of some words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from analysis.errors import ModelError


def one_of(text: str, known: Sequence[str], what: str) -> str:
    """Give ``text`` if it is known.

    Raises
    ------
    ModelError
        It is not.
    """
    if text in known:
        return text
    close = difflib.get_close_matches(text, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(known)}"
    raise ModelError(f"`{text}` is no {what}", hint=hint)
