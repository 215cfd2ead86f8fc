"""A table as a Parquet body."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.errors import ProjectError
from analysis.service.limits import Limits
from analysis.service.reading.columns import Columns, check_names, expected
from analysis.service.reading.records import check_rows
from analysis.service.refusing import Detail, refused, unprocessable
from analysis.warehouse.foreign import Kind, Shape, read_columns, shape_of, texts_size

# A table may be this many times as large as the largest body, when it is unpacked.
_UNPACKED = 8


def read_table(body: bytes, needed: Sequence[str], also: Sequence[str], limits: Limits) -> Columns:
    """Read the columns that are wanted, as `columns_of` gives them for records.

    Raises
    ------
    RefusedError
        It is no whole Parquet file, is too large, or has other columns.
    """
    with tempfile.NamedTemporaryFile(prefix="analysis-", suffix=".parquet") as file:
        file.write(body)
        file.flush()
        path = Path(file.name)
        try:
            return _read(path, shape_of(path), needed, also, limits)
        except ProjectError:
            raise refused(422, "parquet", "this is no whole Parquet file") from None


def _read(
    path: Path, shape: Shape, needed: Sequence[str], also: Sequence[str], limits: Limits
) -> Columns:
    if not shape.rows:
        raise refused(422, "empty", "there are no rows")
    check_rows(shape.rows, limits)
    _check_size(shape.unpacked, limits)
    names = [name for name, _ in shape.columns]
    wanted = expected(names, needed, also)
    check_names(names, wanted)
    kinds = dict(shape.columns)
    if strange := [name for name in wanted if kinds[name] == "other" and name in needed]:
        told = "numbers, truth values and texts are read"
        raise unprocessable([Detail(("body", 0, name), told, "type") for name in strange])
    columns = [(name, kinds[name]) for name in wanted]
    _check_size(texts_size(path, columns), limits)
    read = read_columns(path, columns)
    return {name: _plain(values, kinds[name]) for name, values in read.items()}


def _check_size(unpacked: int, limits: Limits) -> None:
    if unpacked > _UNPACKED * limits.body:
        raise refused(413, "too_large", "the table is too large when it is unpacked")


def _plain(values: list[Any], kind: Kind) -> list[Any]:
    # A frame of pandas has NaN where a number is missing.
    if kind != "number":
        return values
    return [None if value != value else value for value in values]
