"""Parquet files of strangers: looked at before they are read, and read with little memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import duckdb

from analysis.errors import ProjectError
from analysis.warehouse.sql import files, identifier

Kind = Literal["number", "integer", "boolean", "text", "other"]
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("DOUBLE", "FLOAT"), "number"),
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "integer"
    ),
    "UBIGINT": "number",
    "BOOLEAN": "boolean",
    "VARCHAR": "text",
}
_CASTS = {"number": "double", "integer": "bigint", "boolean": "boolean", "text": "varchar"}
# What DuckDB may use for all files that are read at one time.
_MEMORY = "512MB"


@dataclass(frozen=True)
class Shape:
    """What a file says of itself: columns with their kinds, rows, and bytes when unpacked."""

    columns: tuple[tuple[str, Kind], ...]
    rows: int
    unpacked: int


def shape_of(path: Path) -> Shape:
    """Look at a file without reading its rows.

    Raises
    ------
    ProjectError
        It is damaged, or no Parquet file.
    """
    listed = files([path])
    try:
        with _connection() as con:
            described = con.execute(f"describe from {_scan(path)}").fetchall()
            rows = con.execute(f"select num_rows from parquet_file_metadata({listed})").fetchall()
            unpacked = con.execute(
                f"select sum(total_uncompressed_size)::hugeint from parquet_metadata({listed})"
            ).fetchall()
    except duckdb.Error:
        raise _damaged() from None
    columns = tuple((name, _kind(of)) for name, of, *_ in described)
    return Shape(columns, int(rows[0][0]), int(unpacked[0][0] or 0))


def texts_size(path: Path, columns: Sequence[tuple[str, Kind]]) -> int:
    """Count the bytes of the texts of columns, without holding them.

    A file may have a long text once, and mean it in each of its rows.

    Raises
    ------
    ProjectError
        The file is damaged.
    """
    texts = [
        f"sum(strlen({identifier(name)}::varchar))" for name, kind in columns if kind == "text"
    ]
    if not texts:
        return 0
    try:
        with _connection() as con:
            found = con.execute(f"select {', '.join(texts)} from {_scan(path)}").fetchall()
    except duckdb.Error:
        raise _damaged() from None
    return sum(int(size or 0) for size in found[0])


def read_columns(path: Path, columns: Sequence[tuple[str, Kind]]) -> dict[str, list[Any]]:
    """Read columns, whose kinds are as `shape_of` gave them; what is missing is ``None``.

    Raises
    ------
    ProjectError
        The file is damaged.
    """
    listed = ", ".join(
        f"{identifier(name)}::{_CASTS.get(kind, 'varchar')} as c{place}"
        for place, (name, kind) in enumerate(columns)
    )
    try:
        with _connection() as con:
            # Whole columns come in half of the time that rows take.
            read = con.execute(f"select {listed} from {_scan(path)}").fetchnumpy()
    except (duckdb.Error, MemoryError, UnicodeDecodeError):
        raise _damaged() from None
    return {name: read[f"c{place}"].tolist() for place, (name, _) in enumerate(columns)}


def _scan(path: Path) -> str:
    return f"read_parquet({files([path])}, hive_partitioning = false)"


def _kind(type_: str) -> Kind:
    if type_.startswith("DECIMAL"):
        return "number"
    if type_.startswith("ENUM"):
        return "text"
    return _KINDS.get(type_, "other")


def _connection() -> duckdb.DuckDBPyConnection:
    return _instance().cursor()


@cache
def _instance() -> duckdb.DuckDBPyConnection:
    """Give a database without anything in it: to make one takes longer than to read a file."""
    # The rows come as they are in the file.
    settings: dict[str, Any] = {"memory_limit": _MEMORY, "threads": 1, "temp_directory": ""}
    return duckdb.connect(config=settings)


def _damaged() -> ProjectError:
    return ProjectError("this is no whole Parquet file")
