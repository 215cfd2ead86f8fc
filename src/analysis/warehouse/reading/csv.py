"""CSV and TSV files as they are, all values as text; nothing is sniffed."""

from __future__ import annotations

import csv
import sys
from collections.abc import Collection
from pathlib import Path

import duckdb

from analysis.errors import Location
from analysis.warehouse.declared.sources import Source
from analysis.warehouse.reading.columns import check_names
from analysis.warehouse.reading.csv_faults import REJECTS, broken_rows, explain
from analysis.warehouse.reading.csv_header import read_header
from analysis.warehouse.reading.parts import Part, locate_in, other_columns
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.staged import Broken, Request, Staged
from analysis.warehouse.reading.unpack import unpack
from analysis.warehouse.sql import files, literal

TABLE = "staged"


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Read the files of a source, one after the other, into a temporary table of texts.

    Raises
    ------
    SourceError
        A file is damaged, or its columns are not those of the first.
    """
    broken: list[Broken] = []
    broken_lines: list[frozenset[int | None]] = []
    parts: list[Part] = []
    first: list[str] = []
    plain = [unpack(place, request.folder) for place in request.places]
    for index, (file, place) in enumerate(zip(plain, request.places, strict=True)):
        header = read_header(file, request.source, place)
        first = first or header
        check_names(header, Location(place.label, 1))
        if set(header) != set(first):
            raise other_columns(header, Location(place.label, 1), first, request.places[0].label)
        aside = _read(con, file, header, place, request, is_first=index == 0)
        broken += aside
        broken_lines.append(frozenset(row.line for row in aside))
        rows = con.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
        parts.append(Part(place.label, rows - sum(part.rows for part in parts)))

    def locate(row: int) -> Location:
        index, within = locate_in(parts, row)
        line = line_of_row(plain[index], request.source, within, broken_lines[index])
        return Location(parts[index].label, line)

    where = Location(request.places[0].label, 1)
    return Staged(TABLE, dict.fromkeys(first, "VARCHAR"), where, locate, tuple(broken))


def _read(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    header: list[str],
    place: Place,
    request: Request,
    *,
    is_first: bool,
) -> tuple[Broken, ...]:
    """Read one file; give the rows that are no rows, if they are to be set aside."""
    into = f"create temp table {TABLE} as" if is_first else f"insert into {TABLE} by name"
    try:
        con.execute(f"{into} {_reading(file, header, request.source)}")
        return ()
    except duckdb.Error as problem:
        rejecting = _reading(file, header, request.source, REJECTS)
        if request.source.on_violation == "quarantine":
            found = broken_rows(con, f"{into} {rejecting}", file, place)
            if found:
                return found
        raise explain(con, rejecting, problem, file, place) from None


def _reading(file: Path, header: list[str], source: Source, more: str = "") -> str:
    columns = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in header)
    options = (
        "auto_detect=false, header=true, quote='\"', escape='\"'",
        f"delim={literal(source.separator)}",
        f"nullstr=[{', '.join(literal(text) for text in source.missing)}]",
        f"columns={{{columns}}}",
        more,
    )
    return f"select * from read_csv({files([file])}, {', '.join(o for o in options if o)})"


def line_of_row(
    file: Path, source: Source, row: int, broken: Collection[int | None] = ()
) -> int | None:
    """Find the line of ``file`` on which its ``row``, counted from 0 without the header, begins.

    ``broken`` are the lines of rows that do not count, since they could not be split.
    """
    csv.field_size_limit(sys.maxsize)
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text, delimiter=source.separator)
        try:
            # DuckDB passes over empty lines, where they cannot be a missing value.
            is_value = len(next(rows)) == 1 and "" in source.missing
            before = rows.line_num
            for values in rows:
                if (values or is_value) and before + 1 not in broken:
                    if not row:
                        return before + 1
                    row -= 1
                before = rows.line_num
        except (csv.Error, UnicodeDecodeError, StopIteration):
            return None
    return None
