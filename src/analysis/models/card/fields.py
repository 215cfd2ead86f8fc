"""The columns that a model takes, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.models.bundle.record import Bundle, Field
from analysis.models.card.markdown import NONE, code, number, text

_MOST = 12


def field_table(bundle: Bundle) -> Iterator[str]:
    """Write a row for each field: type, values, whether it may be missing, what it is."""
    yield "| Column | Type | Values | May be missing | Meaning |"
    yield "|---|---|---|---|---|"
    for field in bundle.fields:
        yield (
            f"| {code(field.name)} | {field.type} | {_values(field)} | {_missing(field)} "
            f"| {_meaning(field)} |"
        )


def _values(field: Field) -> str:
    if field.personal:
        return "not shown, as they tell of people"
    if field.type == "boolean":
        return NONE if field.mean is None else f"{field.mean:.0%} true"
    if field.type == "category":
        names = ", ".join(map(code, field.categories[:_MOST]))
        more = len(field.categories) - _MOST
        listed = f"{names} and {more:,} more" if more > 0 else names or NONE
        return f"{listed}; others too" if field.unseen else listed
    if field.low is None or field.high is None:
        return NONE
    unit = f" {text(field.unit)}" if field.unit else ""
    return f"{number(field.low)} to {number(field.high)}{unit}"


def _missing(field: Field) -> str:
    if not field.nullable:
        return "no"
    return f"yes ({field.nulls:.1%} were)" if field.nulls else "yes (none was)"


def _meaning(field: Field) -> str:
    return text(field.description) if field.description else NONE
