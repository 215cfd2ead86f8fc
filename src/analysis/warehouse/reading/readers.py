"""From a declared file to a table: explicit columns, nothing sniffed, nothing lost in a cast."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.declared.sources import Source, Sources
from analysis.warehouse.declared.types import losing
from analysis.warehouse.reading.faults import explain, first_row, misfit
from analysis.warehouse.reading.header import check_header, read_header
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.unpack import unpack
from analysis.warehouse.sql import identifier, literal

# How many faulty rows are kept to find the first of them; each thread of DuckDB meets its own.
REJECTS = "store_rejects=true, rejects_limit=1000"


def load(
    con: duckdb.DuckDBPyConnection, name: str, sources: Sources, place: Place, folder: Path
) -> int:
    """Read the source ``name`` from ``place`` into the new table ``raw.<name>``; count its rows.

    Columns stand in the order of the file. ``folder`` is for what has to be unpacked.

    Raises
    ------
    SourceError
        The file is damaged, of another shape, without rows, or holds a value that does not fit.
    """
    source = sources.by_name[name]
    file = unpack(place, folder)
    header = read_header(file, source, place)
    check_header(header, name, sources, place)
    table = f"raw.{identifier(name)}"
    types = {column: source.columns[column].type for column in header}
    try:
        con.execute(f"create table {table} as {_reading(file, source, types)}")
    except duckdb.Error as problem:
        query = _reading(file, source, types, REJECTS)
        raise explain(con, query, problem, file, source, place) from None
    _check_losses(con, file, source, header, place)
    _check_missing(con, table, file, source, place)
    return _count(con, table, place)


def _reading(file: Path, source: Source, types: Mapping[str, str], more: str = "") -> str:
    columns = ", ".join(f"{literal(c)}: {literal(t)}" for c, t in types.items())
    options = (
        "auto_detect=false, header=true, quote='\"', escape='\"'",
        f"delim={literal(source.separator)}",
        f"nullstr=[{', '.join(literal(text) for text in source.missing)}]",
        f"columns={{{columns}}}",
        more,
    )
    path = literal(re.sub(r"([*?\[])", r"[\1]", str(file)))
    return f"select * from read_csv({path}, {', '.join(o for o in options if o)})"


def _check_losses(
    con: duckdb.DuckDBPyConnection, file: Path, source: Source, header: list[str], place: Place
) -> None:
    """Refuse texts that the cast shortened, such as 1.5 in an INTEGER column."""
    patterns = {c: p for c in header if (p := losing(source.columns[c].type))}
    if not patterns:
        return
    counts = ", ".join(
        f"bool_or(regexp_matches({identifier(c)}, {literal(p)}))" for c, p in patterns.items()
    )
    texts = _reading(file, source, dict.fromkeys(header, "VARCHAR"))
    found = con.execute(f"select {counts} from ({texts})").fetchall()[0]
    for (column, pattern), is_lossy in zip(patterns.items(), found, strict=True):
        if is_lossy:
            raise _lossy(file, source, column, re.compile(pattern), place)


def _lossy(
    file: Path, source: Source, column: str, pattern: re.Pattern[str], place: Place
) -> SourceError:
    def is_lossy(text: str) -> bool:
        return text not in source.missing and pattern.search(text) is not None

    line, text = first_row(file, source, column, is_lossy) or (None, "?")
    return misfit(text, column, source, Location(place.label, line))


def _check_missing(
    con: duckdb.DuckDBPyConnection, table: str, file: Path, source: Source, place: Place
) -> None:
    required = [name for name, column in source.columns.items() if not column.nullable]
    if not required:
        return
    counts = ", ".join(f"count(*) - count({identifier(column)})" for column in required)
    found = con.execute(f"select {counts} from {table}").fetchall()[0]
    for column, missing in zip(required, found, strict=True):
        if missing:
            row = first_row(file, source, column, lambda text: text in source.missing)
            raise SourceError(
                f"column `{column}` is declared `nullable: false`, but {missing:,} values of it "
                "are missing; the first is here",
                Location(place.label, row[0] if row else None),
                "correct the file, or leave out `nullable: false`",
            )


def _count(con: duckdb.DuckDBPyConnection, table: str, place: Place) -> int:
    rows: int = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    if not rows:
        raise SourceError(
            "this file has column names, but no rows",
            Location(place.label, 1),
            "get it again from where it came from; an empty source is not accepted",
        )
    return rows
