"""Writing names and texts into SQL."""

from __future__ import annotations

from datetime import date, datetime


def identifier(name: str) -> str:
    """Quote the name of a column, table or schema."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


def constant(value: object) -> str:
    """Write a number, a truth value, a time or a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return f"timestamp {literal(value.isoformat(sep=' '))}"
    if isinstance(value, date):
        return f"date {literal(value.isoformat())}"
    return literal(str(value))
