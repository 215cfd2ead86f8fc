"""Writing names and texts into SQL."""

from __future__ import annotations


def identifier(name: str) -> str:
    """Quote the name of a column, table or schema."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
