"""Which row of a CSV file is at fault: found only after reading it went wrong."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.staged import Broken

CHUNK = 1 << 20
MAX_SHOWN = 60
UTF8 = "save it as UTF-8"
# Faulty rows are kept to be told; each thread of DuckDB meets its own.
REJECTS = "store_rejects=true, rejects_limit=0"

_REJECTED = """
select line_byte_position, error_type, csv_line, error_message
from reject_errors order by line_byte_position, column_idx
"""


def explain(
    con: duckdb.DuckDBPyConnection, query: str, problem: duckdb.Error, file: Path, place: Place
) -> SourceError:
    """Make an error that names the first faulty row of ``file``.

    ``query`` reads the file and keeps what it rejects in DuckDB's table ``reject_errors``.
    ``problem`` is what DuckDB said; it is used when no row can be named.
    """
    rejects = _rejects(con, f"create or replace temp table accepted as {query}")
    con.execute("drop table if exists accepted")
    if not rejects:
        return _unplaced(problem, file, place)
    position, kind, row, message = rejects[0]
    where = Location(place.label, _line_at(file, position))
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
            f"a quoted value does not end where it should: {shorten(row)}",
            where,
            "double each quote inside a quoted value, and close it",
        )
    return SourceError(message.splitlines()[0], where)


def broken_rows(
    con: duckdb.DuckDBPyConnection, statement: str, file: Path, place: Place
) -> tuple[Broken, ...]:
    """Run ``statement``, which reads ``file``, and give the rows that it leaves out.

    There are none if it fails all the same.
    """
    found = {position: (kind, row) for position, kind, row, _ in reversed(_rejects(con, statement))}
    return tuple(
        Broken(_line_at(file, position), row.rstrip("\r\n"), kind.lower(), place.label)
        for position, (kind, row) in sorted(found.items())
    )


def _rejects(con: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[int, str, str, str]]:
    for table in ("reject_errors", "reject_scans"):
        con.execute(f"drop table if exists {table}")
    try:
        con.execute(statement)
        return con.execute(_REJECTED).fetchall()
    except duckdb.Error:
        return []


def _line_at(file: Path, position: int) -> int:
    line = 1
    with file.open("rb") as data:
        while position > 0 and (chunk := data.read(min(CHUNK, position))):
            line += chunk.count(b"\n")
            position -= len(chunk)
    return line


def shorten(text: str) -> str:
    """Cut a text from the data to what a message can show."""
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
