"""Rows of Python values into a table of texts, in memory that does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.reading.columns import check_names
from analysis.warehouse.reading.parts import Part, locate_in, other_columns, row_at
from analysis.warehouse.reading.staged import ROWID, Broken, Request, Staged
from analysis.warehouse.sql import files, identifier, literal

TABLE = "staged"
# Beside the texts stands the number of each row where it came from.
NUMBER = "row of the source"
LONGEST_ROW = 100_000_000
MIDNIGHT = time()


Rows = Generator[tuple[int, Sequence[object]]]


@dataclass(frozen=True)
class Table:
    """A sheet, a table or a result: names, and numbered rows, of which each is seen once."""

    label: str
    names: Sequence[str]
    rows: Rows


def stage_tables(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    tables: Generator[Table],
    *,
    missing: Sequence[str] = (),
    broken: Sequence[Broken] = (),
) -> Staged:
    """Write tables with the same columns, one after the other, into one temporary table.

    ``broken`` are rows that the tables leave out; it may grow while they are read.

    Raises
    ------
    SourceError
        A table has other columns than the first, or a value that is no text, number or time.
    """
    parts: list[Part] = []
    first: Sequence[str] = ()
    with closing(tables):
        for table in tables:
            with closing(table.rows):
                first = first or table.names
                _check_alike(table, first, parts)
                parts.append(Part(table.label, _append(con, request, table, missing)))
    return Staged(
        relation=TABLE,
        columns=dict.fromkeys(first, "VARCHAR"),
        header=Location(parts[0].label),
        locate=_locator(con, parts),
        broken=tuple(broken),
    )


def _check_alike(table: Table, first: Sequence[str], parts: Sequence[Part]) -> None:
    where = Location(table.label)
    check_names(table.names, where)
    if set(table.names) != set(first):
        raise other_columns(table.names, where, first, parts[0].label)


def _locator(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> Callable[[int], Location]:
    def locate(row: int) -> Location:
        query = f"select {identifier(NUMBER)} from {TABLE} where {ROWID} = {row}"
        index, within = locate_in(parts, row)
        found = con.execute(query).fetchall()
        return row_at(parts[index].label, found[0][0] if found else within + 1)

    return locate


def _append(
    con: duckdb.DuckDBPyConnection, request: Request, table: Table, missing: Sequence[str]
) -> int:
    """Add the declared columns of a table to what is staged; give the number of its rows."""
    with written(request, table, missing) as (rows, count):
        con.execute(f"create temp table if not exists {TABLE} as from {rows} limit 0")
        con.execute(f"insert into {TABLE} by name from {rows}")
    return count


@contextmanager
def written(
    request: Request, table: Table, missing: Sequence[str] = ()
) -> Iterator[tuple[str, int]]:
    """Give the declared columns of a table as what stands behind FROM, and the number of rows."""
    known = [name for name in table.names if name in request.source.columns]
    scratch = request.folder / "rows.csv"
    places = {name: table.names.index(name) for name in known}
    count = _write(scratch, table, places, frozenset(missing))
    types = {NUMBER: "BIGINT", **dict.fromkeys(known, "VARCHAR")}
    columns = ", ".join(f"{literal(name)}: '{kind}'" for name, kind in types.items())
    yield (
        f"read_csv({files([scratch])}, auto_detect = false, header = false, delim = ',', "
        "quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
        f"max_line_size = {LONGEST_ROW}, columns = {{{columns}}})",
        count,
    )
    scratch.unlink()


def _write(scratch: Path, table: Table, places: Mapping[str, int], missing: frozenset[str]) -> int:
    """Write rows so that a missing value, which is empty, differs from an empty text, in quotes."""
    count = 0
    with scratch.open("w", encoding="utf-8", newline="") as out:
        for number, values in table.rows:
            cells = [str(number)]
            for name, place in places.items():
                try:
                    text = to_text(values[place])
                    cells.append("" if text is None or text in missing else _quoted(text))
                except ValueError as error:
                    raise SourceError(
                        f"the value of column `{name}` {error}", row_at(table.label, number)
                    ) from None
            out.write(",".join(cells) + "\n")
            count += 1
    return count


def _quoted(text: str) -> str:
    if not text.isascii():
        text.encode()  # a half of a pair of surrogates is no text
    return '"' + text.replace('"', '""') + '"'


def to_text(value: object) -> str | None:
    """Write a value as DuckDB reads it, without loss; a missing one stays so.

    Raises
    ------
    ValueError
        It cannot be written; completes the sentence: the value of column `x` …
    """
    if value is None or isinstance(value, str):
        return value
    if write := _WRITERS.get(type(value)):
        return write(value)
    if hasattr(value, "item"):
        value = value.item()  # of numpy
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    raise ValueError(f"is of the type {type(value).__name__}, which no column can hold")


def _binary(value: object) -> str:
    raise ValueError("is binary data, which no column can hold; leave it out, or use a query")


def _time(value: datetime) -> str:
    if value.tzinfo:
        return value.astimezone(UTC).isoformat(sep=" ")
    # A day is often kept as its midnight, and is read as a time as well.
    return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(sep=" ")


def _number(value: float) -> str:
    # Programs that know no whole numbers keep 3 as 3.0.
    return str(int(value)) if value.is_integer() else repr(value)


def _interval(value: timedelta) -> str:
    return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=to_text)


# In this order: a truth value is a whole number to Python, and a moment is a day.
_WRITERS: Mapping[type, Callable[..., str]] = {
    bool: lambda value: str(value).lower(),
    int: str,
    float: _number,
    Decimal: lambda value: format(value, "f"),
    datetime: _time,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _interval,
    UUID: str,
    bytes: _binary,
    bytearray: _binary,
    memoryview: _binary,
    dict: _json,
    list: _json,
    tuple: _json,
}
