"""The first row of a CSV file against the declared columns."""

from __future__ import annotations

import csv
import difflib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import Location, SourceError
from analysis.warehouse.declared.sources import Source, Sources
from analysis.warehouse.reading.places import Place


def read_header(file: Path, source: Source, place: Place) -> list[str]:
    """Read the column names in the first row of ``file``.

    Raises
    ------
    SourceError
        There is no first row, or it is not UTF-8.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            header = next(csv.reader(text, delimiter=source.separator), [])
    except UnicodeDecodeError:
        where = Location(place.label, _first_line_not_utf8(file))
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


def _first_line_not_utf8(file: Path) -> int:
    # The header is decoded together with a few more lines.
    with file.open("rb") as data:
        for number, line in enumerate(data, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def check_header(header: Sequence[str], name: str, sources: Sources, place: Place) -> None:
    """Compare the file's column names with the declared ones; their order may differ.

    Raises
    ------
    SourceError
        A name stands twice, is missing, or was not declared.
    """
    declared = sources.by_name[name].columns
    twice = [column for column, count in Counter(header).items() if count > 1]
    missing = [column for column in declared if column not in header]
    unknown = [column for column in header if column not in declared]
    if twice:
        raise SourceError(
            f"column names that stand twice in this file: {_list(twice)}",
            Location(place.label, 1),
            "give each column a name of its own",
        )
    if missing or unknown:
        parts = [
            f"columns of `{name}` that this file lacks: {_list(missing)}" if missing else "",
            f"columns that are not declared: {_list(unknown)}" if unknown else "",
        ]
        raise SourceError(
            "; ".join(part for part in parts if part),
            Location(place.label, 1),
            _hint(missing, unknown, name, sources),
        )


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _hint(missing: Sequence[str], unknown: Sequence[str], name: str, sources: Sources) -> str:
    where = sources.where(name, "columns")
    for column in unknown:
        if close := difflib.get_close_matches(column, missing, n=1):
            return f"is `{column}` what {where} calls `{close[0]}`?"
    return f"correct the file, or the columns at {where}"
