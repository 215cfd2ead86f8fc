"""The first row of a CSV file: the names of its columns."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from analysis.errors import Location, SourceError
from analysis.warehouse.declared.sources import Source
from analysis.warehouse.reading.places import Place


def read_header(file: Path, source: Source, place: Place) -> list[str]:
    """Read the column names in the first row of ``file``.

    Raises
    ------
    SourceError
        There is no first row, or it is not UTF-8.
    """
    csv.field_size_limit(sys.maxsize)
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            header = next(csv.reader(text, delimiter=source.separator), [])
    except UnicodeDecodeError:
        where = Location(place.label, first_line_not_utf8(file))
        raise SourceError("this file is not UTF-8", where, "save it as UTF-8") from None
    except csv.Error as error:
        raise SourceError(
            f"the first row of this file cannot be read: {error}", Location(place.label, 1)
        ) from None
    if not header:
        raise SourceError(
            "this file is empty: the row of column names is missing",
            Location(place.label, 1),
            "get it again from where it came from",
        )
    return header


def first_line_not_utf8(file: Path) -> int:
    """Find the first line that is not UTF-8; what reads texts decodes a few lines together."""
    with file.open("rb") as data:
        for number, line in enumerate(data, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
