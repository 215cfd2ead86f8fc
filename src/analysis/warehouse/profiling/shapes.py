"""What can be told of a column, by its type."""

from __future__ import annotations

from enum import Enum

from analysis.warehouse.sql import identifier

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_WHOLE_NUMBERS = frozenset((*_WHOLE, *(f"U{name}" for name in _WHOLE)))
_TIMES = ("DATE", "TIMESTAMP")
_TEXTS = ("VARCHAR", "BOOLEAN", "ENUM", "UUID")

LONGEST = 80  # characters of a value that are kept


class Shape(Enum):
    """How values are looked at: as whole numbers, numbers, times, texts, or not at all."""

    WHOLE = "whole"
    NUMBER = "number"
    TIME = "time"
    TEXT = "text"
    OTHER = "other"

    @property
    def is_measured(self) -> bool:
        """Say whether the values lie on a scale, and so have a histogram."""
        return self in (Shape.WHOLE, Shape.NUMBER, Shape.TIME)


def shape_of(kind: str) -> Shape:
    """Find the shape of DuckDB's type ``kind``; lists, structs and bytes have none."""
    if kind.endswith("]"):
        return Shape.OTHER
    if kind in _WHOLE_NUMBERS:
        return Shape.WHOLE
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        return Shape.NUMBER
    if kind.startswith(_TIMES):
        return Shape.TIME
    return Shape.TEXT if kind.startswith(_TEXTS) else Shape.OTHER


def scale(column: str, shape: Shape) -> str:
    """Write a quoted column as a DOUBLE: times are seconds since 1970."""
    return f"epoch({column})" if shape is Shape.TIME else f"{column}::double"


def shown(column: str) -> str:
    """Write a quoted value as text, one character longer than is kept; see `cut`."""
    return f"left({column}::varchar, {LONGEST + 1})"


def cut(text: str | None) -> str | None:
    """Cut a text where it is long."""
    return text[: LONGEST - 1] + "…" if text and len(text) > LONGEST else text


def quoted(relation: str) -> str:
    """Quote a relation's name, which has its schema."""
    return ".".join(identifier(part) for part in relation.split("."))
