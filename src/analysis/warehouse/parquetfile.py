"""Rows of a frame in a Parquet file of the project's own, and two such files side by side."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from analysis.errors import ProjectError
from analysis.files import temporary
from analysis.warehouse.sql import files, identifier, literal

if TYPE_CHECKING:
    import pandas as pd


def write_rows(frame: pd.DataFrame, path: Path) -> None:
    """Write the columns of ``frame``, its index left out, to ``path`` in one rename.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with temporary(path) as file, _connection() as con:
        con.register("rows", frame)
        try:
            con.execute(
                f"copy rows to {literal(str(file))} (format parquet, compression zstd)"
            ).fetchall()
        except duckdb.IOException as error:
            told = str(error).splitlines()[0]
            raise OSError(errno.EIO, told, str(path)) from error


def read_rows(path: Path) -> pd.DataFrame:
    """Read the rows that ``write_rows`` wrote.

    Raises
    ------
    ProjectError
        The file is missing or damaged.
    """
    return _read(f"select * from {_rows(path)}", path)


def columns_in(path: Path) -> tuple[str, ...]:
    """Name the columns of a file.

    Raises
    ------
    ProjectError
        The file is missing or damaged.
    """
    return tuple(_read(f"select * from {_rows(path)} limit 0", path).columns)


def join_by_key(
    left: Path, right: Path, key: Sequence[str], columns: Sequence[str], differing: str
) -> tuple[pd.DataFrame, int]:
    """Put rows of two files side by side that have the same ``key``, in the order of the left.

    Only those are given whose column ``differing`` is not the same in both; the number is of all
    that are in both. The key is given once, each of the ``columns`` as ``left.<column>`` and
    ``right.<column>``.

    Raises
    ------
    ProjectError
        A file is missing or damaged, or lacks a column.
    """
    same = " and ".join(
        f"a.{identifier(name)} is not distinct from b.{identifier(name)}" for name in key
    )
    numbered = f"(select *, row_number() over () as _row from {_rows(left)})"
    joined = f"from {numbered} a join {_rows(right)} b on {same}"
    given = [f"a.{identifier(name)}" for name in key]
    for side, named in (("a", "left"), ("b", "right")):
        given += [f"{side}.{identifier(c)} as {identifier(f'{named}.{c}')}" for c in columns]
    column = identifier(differing)
    other = f"where a.{column} is distinct from b.{column}"
    rows = _read(f"select {', '.join(given)} {joined} {other} order by _row", left, right)
    both = _read(f"select count(*) as rows {joined}", left, right)
    return rows, int(both["rows"].iloc[0])


def _read(sql: str, *paths: Path) -> pd.DataFrame:
    for path in paths:
        if not path.is_file():
            raise ProjectError(f"there is no file `{path.name}` in `{path.parent.name}`")
    try:
        with _connection() as con:
            return con.execute(sql).df()
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        names = " or ".join(f"`{path.parent.name}/{path.name}`" for path in paths)
        raise ProjectError(f"{names} cannot be read: {told}") from None


def _rows(path: Path) -> str:
    return f"read_parquet({files([path])})"


def _connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    return con
