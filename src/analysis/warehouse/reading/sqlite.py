"""SQLite files, opened so that nothing is ever written beside them; a table, or a query."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.reading.texts import Rows, Table, stage_tables
from analysis.warehouse.sql import identifier

ROWS_AT_A_TIME = 1000
WAIT_SECONDS = 5.0
# What the first 100 bytes of a file tell: https://www.sqlite.org/fileformat.html#the_database_header
HEADER, MAGIC, WAL = 100, b"SQLite format 3\x00", 2
LARGEST_PAGE = 65536


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Read the table, or what the query gives, row by row; every value as its exact text.

    Raises
    ------
    SourceError
        The file is damaged, locked or in use, or has no such table.
    """
    source = request.source
    missing = source.missing if "missing" in source.model_fields_set else ()
    return stage_tables(con, request, _tables(request), missing=missing)


def _tables(request: Request) -> Generator[Table]:
    source = request.source
    for place in request.places:
        header = _header(place)
        _check_whole(place, header)
        label = f"{place.label}, table {source.table}" if source.table else place.label
        with _named(place, request), closing(_connect(place, header)) as db:
            if source.table:
                _check_table(db, source.table, place, request)
            cursor = db.execute(source.query or f"select * from {identifier(str(source.table))}")
            names = [column[0] for column in cursor.description or ()]
            yield Table(label, names, _rows(cursor, place, request))


@contextmanager
def _named(place: Place, request: Request) -> Iterator[None]:
    """Name the file, or the query, in what goes wrong with it."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _explained(error, place, request) from None


def _connect(place: Place, header: bytes) -> sqlite3.Connection:
    # A file in WAL mode cannot be read without writing beside it, unless it is told not to change.
    mode = "&immutable=1" if header[18] == WAL else ""
    path = quote(str(place.path))
    return sqlite3.connect(f"file:{path}?mode=ro{mode}", uri=True, timeout=WAIT_SECONDS)


def _header(place: Place) -> bytes:
    with place.path.open("rb") as file:
        header = file.read(HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise _damaged("it does not begin as one", place)
    return header


def _check_whole(place: Place, header: bytes) -> None:
    """See that nothing is cut off, which SQLite itself takes for empty pages."""
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    # Very old programs do not write how many pages there are.
    is_told = header[24:28] == header[92:96]
    whole = (LARGEST_PAGE if page == 1 else page) * pages if is_told else 0
    if place.path.stat().st_size < whole:
        raise _damaged(f"it has fewer than {whole:,} bytes", place)
    for suffix in ("-wal", "-journal"):
        beside = place.path.with_name(place.path.name + suffix)
        if beside.is_file() and beside.stat().st_size:
            raise SourceError(
                f"this file is not whole: a part of it is in {place.label}{suffix}",
                Location(place.label),
                "end the program that writes it, or copy it by `sqlite3 FILE '.backup COPY'`",
            )


def _rows(cursor: sqlite3.Cursor, place: Place, request: Request) -> Rows:
    number = 0
    with _named(place, request):
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from enumerate(rows, number + 1)
            number += len(rows)


def _check_table(db: sqlite3.Connection, table: str, place: Place, request: Request) -> None:
    query = "select name from sqlite_master where type in ('table', 'view') order by name"
    found = [str(row[0]) for row in db.execute(query)]
    if table.lower() not in (name.lower() for name in found):
        listed = ", ".join(f"`{name}`" for name in found[:10]) or "none"
        raise SourceError(
            f"there is no table `{table}` in {place.label}",
            request.where("table"),
            f"its tables are: {listed}",
        )


def _explained(error: Exception, place: Place, request: Request) -> SourceError:
    said = str(error)
    if "locked" in said:
        return SourceError(
            "this file is locked by another program",
            Location(place.label),
            "end that program, or declare a copy of the file",
        )
    is_damaged = any(part in said for part in ("malformed", "not a database", "disk I/O"))
    if request.source.query and not is_damaged and "decode" not in said:
        return SourceError(f"the query failed: {said}", request.where("query"))
    return _damaged(said, place)


def _damaged(said: str, place: Place) -> SourceError:
    return SourceError(
        f"this SQLite file is damaged: {said}",
        Location(place.label),
        "get it again from where it came from",
    )
