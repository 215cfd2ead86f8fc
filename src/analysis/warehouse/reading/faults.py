"""Which row of a CSV file is at fault: found only after reading it went wrong."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.declared.sources import Source
from analysis.warehouse.reading.places import Place

CHUNK = 1 << 20
MAX_SHOWN = 60
UTF8 = "save it as UTF-8"

_FIRST_REJECT = """
select line_byte_position, column_name, column_idx, error_type, csv_line, error_message
from reject_errors order by line_byte_position, column_idx limit 1
"""


def explain(
    con: duckdb.DuckDBPyConnection,
    query: str,
    problem: duckdb.Error,
    file: Path,
    source: Source,
    place: Place,
) -> SourceError:
    """Make an error that names the first faulty row of ``file``.

    ``query`` reads the file and keeps what it rejects in DuckDB's table ``reject_errors``.
    ``problem`` is what DuckDB said; it is used when no row can be named.
    """
    try:
        con.execute(f"create or replace temp table accepted as {query}")
        reject = con.execute(_FIRST_REJECT).fetchall()
    except duckdb.Error:
        reject = []
    if not reject:
        return _unplaced(problem, file, place)
    position, column, index, kind, row, message = reject[0]
    where = Location(place.label, _line_at(file, position))
    if kind == "CAST":
        value = _value(row, index, source.separator)
        return misfit(value, column, source, where)
    if kind in ("TOO MANY COLUMNS", "MISSING COLUMNS"):
        return SourceError(
            f"this row does not have as many values as there are columns: {message}",
            where,
            "a value that holds the delimiter must stand in double quotes",
        )
    if kind == "INVALID ENCODING":
        return SourceError("this file is not UTF-8", where, UTF8)
    if kind == "UNQUOTED VALUE":
        return SourceError(
            f"a quoted value does not end where it should: {_short(row)}",
            where,
            "double each quote inside a quoted value, and close it",
        )
    return SourceError(message.splitlines()[0], where)


def misfit(value: str, column: str, source: Source, where: Location) -> SourceError:
    """Make the error for a ``value`` that its column's type cannot hold without loss."""
    declared = source.columns[column].type
    return SourceError(
        f"the value `{_short(value)}` of column `{column}` does not fit {declared}",
        where,
        "correct the value, declare another type, or list the text under `missing`",
    )


def first_row(
    file: Path, source: Source, column: str, is_bad: Callable[[str], bool]
) -> tuple[int, str] | None:
    """Find the first row whose text in ``column`` is bad: its line in ``file``, and the text."""
    with file.open(encoding="utf-8-sig", newline="") as text, suppress(csv.Error):
        rows = csv.reader(text, delimiter=source.separator)
        index = next(rows).index(column)
        before = rows.line_num
        for row in rows:
            if row and is_bad(row[index]):
                return before + 1, row[index]
            before = rows.line_num
    return None


def _line_at(file: Path, position: int) -> int:
    line = 1
    with file.open("rb") as data:
        while position > 0 and (chunk := data.read(min(CHUNK, position))):
            line += chunk.count(b"\n")
            position -= len(chunk)
    return line


def _value(row: str, index: int, separator: str) -> str:
    values = next(csv.reader(StringIO(row.strip("\r\n"), newline=""), delimiter=separator), [])
    return values[index - 1] if index <= len(values) else row


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= MAX_SHOWN else tidy[:MAX_SHOWN] + "…"


def _unplaced(problem: duckdb.Error, file: Path, place: Place) -> SourceError:
    if line := _other_line_end(file):
        return SourceError(
            "lines of this file end in different ways",
            Location(place.label, line),
            "save it with one kind of line end",
        )
    message = str(problem).splitlines()[0].partition(": ")[2]
    return SourceError(f"this file cannot be read: {message}", Location(place.label))


def _other_line_end(file: Path) -> int | None:
    """Give the first line that does not end as the first one does, outside of all quotes."""
    first: bool | None = None
    is_open = False
    with file.open("rb") as data:
        for number, line in enumerate(data, 1):
            is_open ^= line.count(b'"') % 2 == 1
            if is_open or not line.endswith(b"\n"):
                continue
            is_crlf = line.endswith(b"\r\n")
            if first is None:
                first = is_crlf
            elif is_crlf != first:
                return number
    return None
