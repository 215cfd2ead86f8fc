"""Reading the rows of a dataset: whole, in pieces, or into a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from analysis.errors import DatasetError
from analysis.warehouse.datasets.composition import Chosen, Composition
from analysis.warehouse.sql import identifier, literal

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# DuckDB hands out rows in vectors of this many.
_VECTOR = 2048


@dataclass(frozen=True)
class Column:
    """A column of a dataset, what its view's header says of it, and that view."""

    name: str
    type: str
    unit: str | None
    description: str | None
    view: str


def described(con: duckdb.DuckDBPyConnection, composition: Composition) -> tuple[Column, ...]:
    """Describe the columns."""
    rows = con.execute(
        "select schema || '.' || relation, name, unit, description from meta.columns"
    ).fetchall()
    told = {(view, name): (unit, description) for view, name, unit, description in rows}
    return tuple(
        Column(c.name, c.type, *told[c.part.view.name, c.column], c.part.view.name)
        for c in composition.columns
    )


def to_arrow(con: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """Read the rows of ``sql`` into Arrow.

    Raises
    ------
    DatasetError
        pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise DatasetError(
            "pyarrow is not installed, so there are no Arrow tables",
            hint="install the extra `analysis[arrow]`, or use `.df()`",
        ) from None
    return con.sql(sql).to_arrow_table()


def write_parquet(con: duckdb.DuckDBPyConnection, sql: str, target: Path) -> Path:
    """Write the rows of ``sql`` to ``target`` in one rename; its folder is made.

    Raises
    ------
    DatasetError
        It is a folder, or cannot be written.
    """
    if target.is_dir():
        raise DatasetError(f"`{target}` is a folder", hint="name a file")
    temporary = target.with_name(f".{target.name[:40]}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        con.execute(
            f"copy ({sql}) to {literal(str(temporary))} (format parquet, compression zstd)"
        ).fetchall()
        temporary.replace(target)
    except OSError as error:
        raise DatasetError(f"`{target}` cannot be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return target


def chunks_of(
    con: duckdb.DuckDBPyConnection, composition: Composition, rows: int
) -> Iterator[pd.DataFrame]:
    """Give frames of exactly ``rows`` rows, and a last one of the rest."""
    import pandas as pd

    result = con.execute(composition.sql())
    waiting: list[pd.DataFrame] = []
    size = 0
    vectors = max(1, rows // _VECTOR)
    while len(frame := result.fetch_df_chunk(vectors)):
        waiting.append(frame)
        size += len(frame)
        while size >= rows:
            whole = pd.concat(waiting, ignore_index=True) if len(waiting) > 1 else waiting[0]
            yield whole.iloc[:rows].reset_index(drop=True)
            waiting = [whole.iloc[rows:]] if size > rows else []
            size -= rows
    if size:
        yield pd.concat(waiting, ignore_index=True)


def chunks_by(
    con: duckdb.DuckDBPyConnection, composition: Composition, columns: Sequence[Chosen]
) -> Iterator[pd.DataFrame]:
    """Give the rows of each value of ``columns``, one query each."""
    listed = ", ".join(identifier(column.name) for column in columns)
    shown = ", ".join(f"{_as_parameter(column)} as _{i}" for i, column in enumerate(columns))
    sql = composition.sql()
    values = con.execute(
        f"select {shown} from (select distinct {listed} from ({sql})) order by {listed}"
    ).fetchall()
    same = " and ".join(
        f"{column.part.column(column.column)} is not distinct from ?::{column.type}"
        for column in columns
    )
    for value in values:
        yield con.execute(f"{sql}\nwhere {same}", [*value]).df()


def _as_parameter(column: Chosen) -> str:
    """Write a value so that it comes back from Python as it was, as an infinite time does not."""
    name = identifier(column.name)
    is_nested = column.type.endswith("]") or column.type.startswith(("STRUCT", "MAP", "UNION"))
    return name if is_nested else f"{name}::varchar"
