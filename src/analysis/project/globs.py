"""Quarto's path patterns: ``*``, ``**``, a folder for all below it, and ``!`` to leave out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache


def matches(path: str, patterns: Sequence[str]) -> bool:
    """Say whether a POSIX ``path`` is chosen; no positive pattern chooses everything."""
    positive = [p for p in patterns if not p.startswith("!")]
    negative = [p[1:] for p in patterns if p.startswith("!")]
    chosen = not positive or any(_compile(p).match(path) for p in positive)
    return chosen and not any(_compile(p).match(path) for p in negative)


@lru_cache
def _compile(pattern: str) -> re.Pattern[str]:
    pattern = pattern.removeprefix("./").removeprefix("/").rstrip("/")
    out = ""
    position = 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            out, position = out + "(?:.*/)?", position + 3
        elif pattern.startswith("**", position):
            out, position = out + ".*", position + 2
        elif pattern[position] == "*":
            out, position = out + "[^/]*", position + 1
        elif pattern[position] == "?":
            out, position = out + "[^/]", position + 1
        else:
            out, position = out + re.escape(pattern[position]), position + 1
    return re.compile(out + r"(?:/.*)?\Z")
