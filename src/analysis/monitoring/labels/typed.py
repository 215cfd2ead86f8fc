"""Columns of keys as SQL: of their texts, the values by which rows are found."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.models.bundle.record import KeyField
from analysis.warehouse.sql import literal


def kind_of(field: KeyField) -> str:
    """Name the type in DuckDB by which a column of a key is compared; a hash is a text."""
    return "VARCHAR" if field.personal else field.type


def typed(text: str, kind: str) -> str:
    """Write the value of a text, which is null if it is none of that type."""
    return text if kind == "VARCHAR" else f"try_cast({text} as {kind})"


def extracted(json: str, name: str) -> str:
    """Write the text of a value in an object of JSON."""
    return f"({json} ->> {literal(_pointer(name))})"


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def key_hash(json: str, key: Sequence[KeyField]) -> str:
    """Write what stands for a whole key: a hash of its values, null where one of them is.

    A hash of 64 bits: among ten million keys, two are taken for the same once in 200,000 such logs.
    """
    # One list of all texts: JSON is parsed once for each row, and not for each column.
    texts = f"({json} ->> [{', '.join(literal(_pointer(field.name)) for field in key)}])"
    values = [typed(f"{texts}[{place}]", kind_of(field)) for place, field in enumerate(key, 1)]
    known = " and ".join(f"{value} is not null" for value in values)
    return f"case when {known} then hash({', '.join(values)}) end"
