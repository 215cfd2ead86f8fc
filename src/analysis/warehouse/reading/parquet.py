"""Parquet files: one, many, a folder, or partitioned as Hive does; scanned, and not loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.reading.columns import check_names
from analysis.warehouse.reading.parts import Part, other_columns, place_of
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.sql import files, identifier

# Files that are larger than this together stay where they are, unless `in_place` says otherwise.
LARGE = 256 << 20
_NOT_THE_FILE = (duckdb.InterruptException, duckdb.OutOfMemoryException)


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Look at the columns of each file; the rows are left to whoever scans the relation.

    Raises
    ------
    SourceError
        A file is damaged, or its columns are not those of the first.
    """
    places = request.places
    schemas = [_schema(con, place) for place in places]
    check_names(_names(con, places[0]), Location(places[0].label))
    for place, schema in zip(places, schemas, strict=True):
        _check_alike(schema, place, schemas[0], places[0])
    keys = _partition_keys(places)
    parts = _parts(con, places)

    def explain(problem: duckdb.Error) -> SourceError | None:
        return _explain(con, places, problem)

    return Staged(
        relation=_scan(places, keys),
        # DuckDB puts the columns that stand in the names of folders behind those of the files.
        columns={**schemas[0], **dict.fromkeys(keys, "VARCHAR")},
        header=Location(places[0].label),
        locate=lambda row: place_of(parts, row),
        scannable=True,
        in_place=_stays(request),
        explain=explain,
    )


def _stays(request: Request) -> bool:
    if request.source.kind == "url":
        return False  # downloads may be deleted at any time
    wanted = request.source.in_place
    if wanted is None:
        return sum(place.path.stat().st_size for place in request.places) > LARGE
    return wanted


def _schema(con: duckdb.DuckDBPyConnection, place: Place) -> Mapping[str, str]:
    """Give the columns of a file with their types."""
    try:
        rows = con.execute(f"describe from {_plain([place.path])}").fetchall()
    except duckdb.Error as problem:
        raise _damaged(place, problem) from None
    return {name: kind for name, kind, *_ in rows}


def _names(con: duckdb.DuckDBPyConnection, place: Place) -> list[str]:
    """Give the names of the columns of a file as they are; DuckDB tells equal ones apart."""
    rows = con.execute(
        f"select name, num_children from parquet_schema({files([place.path])})"
    ).fetchall()
    names, depth = [], [rows[0][1] or 0]
    for name, children in rows[1:]:
        while depth and not depth[-1]:
            depth.pop()
        if len(depth) == 1:
            names.append(name)
        depth[-1] -= 1
        depth.append(children or 0)
    return names


def _check_alike(
    schema: Mapping[str, str], place: Place, first: Mapping[str, str], other: Place
) -> None:
    where = Location(place.label)
    if schema.keys() != first.keys():
        raise other_columns(schema, where, first, other.label)
    retyped = [
        f"`{name}` is {kind} and not {first[name]}"
        for name, kind in schema.items()
        if kind != first[name]
    ]
    if retyped:
        raise SourceError(
            f"this file has other types than {other.label}: {', '.join(retyped[:8])}",
            where,
            "the files of one source have the same columns; write this one again",
        )


def _partition_keys(places: Sequence[Place]) -> tuple[str, ...]:
    """Find the columns that stand in the names of folders, as in ``year=2013/month=1``.

    Raises
    ------
    SourceError
        The files do not lie in folders for the same columns.
    """
    first = _keys(places[0])
    for place in places:
        if _keys(place) != first:
            raise SourceError(
                f"this file does not lie in folders like those of {places[0].label}",
                Location(place.label),
                "the folders of all files name the same columns: year=2013/month=1",
            )
    return first


def _keys(place: Place) -> tuple[str, ...]:
    if not str(place.path).endswith(place.label):
        return ()  # a download, which does not lie in those folders here
    folders = Path(place.label).parts[:-1]
    return tuple(part.partition("=")[0] for part in folders if "=" in part)


def _parts(con: duckdb.DuckDBPyConnection, places: Sequence[Place]) -> list[Part]:
    paths = files(place.path for place in places)
    found = dict(
        con.execute(f"select file_name, num_rows from parquet_file_metadata({paths})").fetchall()
    )
    return [Part(place.label, found[str(place.path)]) for place in places]


def _scan(places: Sequence[Place], keys: Sequence[str]) -> str:
    if not keys:
        return _plain([place.path for place in places])
    paths = files(place.path for place in places)
    # The folders above the project are none of its columns.
    above = Path(str(places[0].path).removesuffix(places[0].label)).parts
    strange = {part.partition("=")[0] for part in above if "=" in part} - set(keys)
    kept = f"* exclude ({', '.join(map(identifier, sorted(strange)))})" if strange else "*"
    return (
        f"(select {kept} from read_parquet({paths}, union_by_name = false, "
        "hive_partitioning = true, hive_types_autocast = false))"
    )


def _plain(paths: Sequence[Path]) -> str:
    return f"read_parquet({files(paths)}, hive_partitioning = false)"


def _explain(
    con: duckdb.DuckDBPyConnection, places: Sequence[Place], problem: duckdb.Error
) -> SourceError | None:
    """Find the file whose pages are damaged though its end is whole, by reading each."""
    if isinstance(problem, _NOT_THE_FILE):
        return None
    for place in places:
        try:
            con.execute(f"select count(hash(t)) from {_plain([place.path])} t").fetchall()
        except _NOT_THE_FILE:
            return None
        except duckdb.Error as error:
            return _damaged(place, error)
    return None


def _damaged(place: Place, problem: duckdb.Error) -> SourceError:
    message = str(problem).splitlines()[0].partition(": ")[2] or str(problem).splitlines()[0]
    return SourceError(
        f"this Parquet file is damaged or cut off: {message}".replace(str(place.path), place.label),
        Location(place.label),
        "get it again from where it came from",
    )
