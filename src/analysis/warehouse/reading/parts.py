"""What the readers of several files have in common: in which of them a row stands, and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.errors import Location, SourceError


@dataclass(frozen=True)
class Part:
    """One of the files (or sheets, or tables) of a source, and how many rows came of it."""

    label: str
    rows: int


def locate_in(parts: Sequence[Part], row: int) -> tuple[int, int]:
    """Give the part in which a row of the whole stands, and its number there; both from 0."""
    for index, part in enumerate(parts):
        if row < part.rows:
            return index, row
        row -= part.rows
    return len(parts) - 1, row


def place_of(parts: Sequence[Part], row: int) -> Location:
    """Locate a row that has no line: by its number in its part, from 1."""
    index, within = locate_in(parts, row)
    return row_at(parts[index].label, within + 1)


def row_at(label: str, number: int) -> Location:
    """Locate the row ``number`` of something that has no lines."""
    return Location(f"{label}, row {number}")


def other_columns(
    names: Iterable[str], where: Location, first: Iterable[str], other: str
) -> SourceError:
    """Make the error for a file whose columns are not those of the ``first``, called ``other``."""
    names, first = list(names), list(first)
    lacking = ", ".join(f"`{c}`" for c in first if c not in names)
    more = ", ".join(f"`{c}`" for c in names if c not in first)
    parts = [f"lacks {lacking}" if lacking else "", f"has {more} besides" if more else ""]
    return SourceError(
        f"this file does not have the columns of {other}: it "
        + " and ".join(p for p in parts if p),
        where,
        "the files of one source have the same columns; declare this one as another source",
    )
