"""JSON files: an array of objects, or one object a line; all values as texts."""

from __future__ import annotations

import shutil
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path

import duckdb

from analysis.errors import Location, SourceError
from analysis.files import digest
from analysis.warehouse.reading.json_faults import explain, line_of_record, no_object
from analysis.warehouse.reading.parts import Part, locate_in, row_at
from analysis.warehouse.reading.places import Place, reader_name
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.reading.unpack import unpack
from analysis.warehouse.sql import files, identifier, literal

TABLE = "staged"


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Read the files of a source, one after the other, into a temporary table of texts.

    A key that a record lacks is a missing value; what is nested becomes JSON text.

    Raises
    ------
    SourceError
        A file is damaged, or a record is no object.
    """
    by_line = reader_name(request.source) == "jsonl"
    plain = [_without_bom(unpack(p, request.folder), request.folder) for p in request.places]
    keys: dict[str, None] = {}
    for file, place in zip(plain, request.places, strict=True):
        keys.update(dict.fromkeys(_keys(con, file, place, by_line=by_line)))
    where = Location(request.places[0].label)
    if not keys:
        raise SourceError("there are no records", where, "get it again from where it came from")
    known = [key for key in keys if key in request.source.columns]
    # A table needs a column; without one, the names are told to be wrong before it is read.
    columns = ", ".join(f"{identifier(key)} varchar" for key in known or ["nothing"])
    con.execute(f"create temp table {TABLE} ({columns})")
    parts = []
    for file, place in zip(plain, request.places, strict=True):
        rows = _read(con, file, known, by_line=by_line) if known else 0
        parts.append(Part(place.label, rows))

    def locate(row: int) -> Location:
        index, within = locate_in(parts, row)
        label = parts[index].label
        if by_line:
            return Location(label, line_of_record(plain[index], within))
        return row_at(label, within + 1)

    return Staged(TABLE, dict.fromkeys(keys, "VARCHAR"), where, locate)


def _without_bom(file: Path, folder: Path) -> Path:
    """Give the file itself, or a copy without the mark at its start, which DuckDB refuses."""
    with file.open("rb") as data:
        if data.read(len(BOM_UTF8)) != BOM_UTF8:
            return file
        copy = folder / f"without-bom-{digest(str(file).encode())[:12]}"
        with copy.open("wb") as out:
            shutil.copyfileobj(data, out)
    return copy


def _keys(con: duckdb.DuckDBPyConnection, file: Path, place: Place, *, by_line: bool) -> list[str]:
    """List the keys that any record has: those of the first one first, in their order."""
    objects = f"read_json_objects({files([file])}, format = {_format(by_line=by_line)})"
    try:
        found = con.execute(
            f"select json_type(json), json_keys(json), count(*) from {objects} group by all"
        ).fetchall()
        first = con.execute(f"select json_keys(json) from {objects} limit 1").fetchall()
    except duckdb.Error as problem:
        raise explain(problem, file, place, by_line=by_line) from None
    if any(kind != "OBJECT" or len(set(keys)) != len(keys) for kind, keys, _ in found):
        raise no_object(file, place, by_line=by_line)
    others = sorted({key for _, keys, _ in found for key in keys})
    return list(dict.fromkeys([*(first[0][0] if first else ()), *others]))


def _read(
    con: duckdb.DuckDBPyConnection, file: Path, known: Sequence[str], *, by_line: bool
) -> int:
    columns = ", ".join(f"{literal(key)}: 'VARCHAR'" for key in known)
    rows = con.execute(
        f"insert into {TABLE} by name select * from read_json({files([file])}, "
        f"format = {_format(by_line=by_line)}, records = true, columns = {{{columns}}})"
    ).fetchall()
    return int(rows[0][0])


def _format(*, by_line: bool) -> str:
    return "'newline_delimited'" if by_line else "'array'"
