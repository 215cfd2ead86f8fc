"""Texts of others in Markdown, so that they are read as texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What stands where there is nothing.
NONE = "\N{EN DASH}"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def text(value: str) -> str:
    """Write a text on one line, with what Markdown would take for its own escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(value.split()))


def code(value: str) -> str:
    """Write a name as code, also in a table."""
    plain = " ".join(value.split()).replace("|", "\\|")
    fence = "``" if "`" in plain else "`"
    space = " " if "`" in plain else ""
    return f"{fence}{space}{plain}{space}{fence}"


def number(value: float | None) -> str:
    """Write a number with four digits that tell."""
    return NONE if value is None else f"{value:.4g}"


def listed(parts: Sequence[str]) -> str:
    """Write parts as a list in a sentence."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
