"""Rows of files that users bring, read piece by piece, and rows that are written so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from analysis.errors import Location, ProjectError
from analysis.files import fresh_folder, temporary
from analysis.warehouse.sql import files, identifier, literal

_PARQUET, _CSV = (".parquet", ".pq"), (".csv", ".csv.gz", ".tsv", ".tsv.gz")
# What DuckDB may hold of a file at once; the rest is on the disk.
_MEMORY = "400MB"


@dataclass(frozen=True)
class RowFile:
    """A file of rows, Parquet or CSV, with its columns and their types in DuckDB.

    ``read_as`` are types that some columns of a CSV file shall be read as.
    """

    path: Path
    columns: Mapping[str, str]
    read_as: Mapping[str, str]

    def pieces(self, expressions: Sequence[str], rows: int) -> Iterator[list[tuple[Any, ...]]]:
        """Give the values of expressions over its columns, so many rows at a time, in order.

        Raises
        ------
        ProjectError
            It cannot be read: where, and why.
        """
        with _told(self.path), _connection() as con:
            con.execute(f"select {', '.join(expressions)} from {_source(self.path, self.read_as)}")
            while piece := con.fetchmany(rows):
                yield piece


def open_rows(path: Path, types: Mapping[str, str]) -> RowFile:
    """Look into a file; ``types`` are those that columns of a CSV file are to be read as.

    Raises
    ------
    ProjectError
        There is none, or it is no such file, or it is damaged.
    """
    if not path.is_file():
        raise ProjectError(f"there is no file `{path}`", hint="look at `--input`")
    if not path.name.lower().endswith((*_PARQUET, *_CSV)):
        raise ProjectError(
            f"`{path.name}` is neither Parquet nor CSV by its name", hint="name it .parquet or .csv"
        )
    with _told(path), _connection() as con:
        columns = _described(con, path, {})
        read_as = {name: kind for name, kind in types.items() if name in columns}
        if _is_csv(path):
            columns = {**columns, **read_as}
        return RowFile(path, columns, read_as if _is_csv(path) else {})


class RowWriter:
    """Writes rows into a file that is put together on the disk."""

    def __init__(self, con: duckdb.DuckDBPyConnection, columns: Mapping[str, str]) -> None:
        self._con = con
        self._columns = columns
        defined = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
        con.execute(f"create table rows ({defined})")

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Add rows, whose columns come in the order in which they were named."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                f"c{place}": pd.Series(list(values), dtype=_DTYPES.get(kind, object))
                for place, (values, kind) in enumerate(
                    zip(columns, self._columns.values(), strict=True)
                )
            }
        )
        self._con.register("piece", frame)
        casts = [f"c{place}::{kind}" for place, kind in enumerate(self._columns.values())]
        self._con.execute(f"insert into rows select {', '.join(casts)} from piece")
        self._con.unregister("piece")


# What pandas is to keep values as, where it is quicker than as objects.
_DTYPES = {"DOUBLE": "float64", "BOOLEAN": "boolean", "BIGINT": "Int64"}


@contextlib.contextmanager
def written_rows(path: Path, columns: Mapping[str, str]) -> Iterator[RowWriter]:
    """Give what writes rows into the Parquet file ``path``, which comes in one rename at the end.

    ``columns`` are names with types of DuckDB. If anything fails, nothing is written.

    Raises
    ------
    ProjectError
        It cannot be written.
    """
    if path.is_dir():
        raise ProjectError(f"`{path}` is a folder", hint="name a file")
    try:
        with fresh_folder(path.parent, f".{path.name[:40]}-") as folder:
            con = duckdb.connect(str(folder / "rows.duckdb"))
            try:
                _set_up(con)
                con.execute(f"set temp_directory = {literal(str(folder / 'spilled'))}")
                yield RowWriter(con, columns)
                with temporary(path) as made:
                    con.execute(
                        f"copy rows to {literal(str(made))} (format parquet, compression zstd)"
                    ).fetchall()
            finally:
                con.close()
    except (duckdb.IOException, OSError) as error:
        told = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise ProjectError(f"`{path}` cannot be written: {told}") from None


def _described(
    con: duckdb.DuckDBPyConnection, path: Path, read_as: Mapping[str, str]
) -> dict[str, str]:
    rows = con.execute(f"describe select * from {_source(path, read_as)}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _source(path: Path, read_as: Mapping[str, str]) -> str:
    if not _is_csv(path):
        return f"read_parquet({files([path])})"
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in read_as.items())
    told = f", types = {{{types}}}" if types else ""
    return f"read_csv({files([path])}, header = true{told})"


def _is_csv(path: Path) -> bool:
    return path.name.lower().endswith(_CSV)


def _connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    _set_up(con)
    return con


def _set_up(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("set TimeZone = 'UTC'")
    con.execute(f"set memory_limit = '{_MEMORY}'")
    # It would be printed among what the command prints.
    con.execute("set enable_progress_bar = false")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        said = " ".join(str(error).split())[:300]
        raise ProjectError(f"this file cannot be read: {said}", Location(path.name)) from None
