"""Rows of a dataset by their keys: for whoever asks for some of them again and again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from analysis.errors import DatasetError
from analysis.project import Project
from analysis.warehouse.connection import connect
from analysis.warehouse.datasets.composition import Composition
from analysis.warehouse.datasets.dataset import dataset
from analysis.warehouse.sql import identifier

# Names that no view of a project has, and no column.
_ASKED, _FOUND, _PLACE = '" asked"', '" found"', '" place"'
_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_FLOAT = re.compile(r"DOUBLE|FLOAT|DECIMAL.*")


@dataclass(frozen=True)
class Wanted:
    """A dataset and what of it: the types of ``key`` are those of the sample, in DuckDB.

    Those of ``columns`` are what they are cast to.
    """

    name: str
    sample: str
    features: tuple[str, ...]
    key: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Found:
    """Columns with a value for each key that was asked for, in that order.

    ``missing`` are the places of keys that no row has, ``mistyped`` those of values that are not of
    their column's type: place, column and type.
    """

    columns: Mapping[str, Sequence[Any]]
    missing: tuple[int, ...]
    mistyped: tuple[tuple[int, str, str], ...]


class Rows:
    """Finds rows in the warehouse of a project, and sees when that is built anew.

    To be used by one thread: the connection stays open.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._file: tuple[int, int] | None = None
        self._con: duckdb.DuckDBPyConnection | None = None
        self._queries: dict[Wanted, str] = {}

    def find(self, wanted: Wanted, keys: Mapping[str, Sequence[Any]]) -> Found:
        """Find the rows with these keys, which are plain values as JSON has them.

        Raises
        ------
        ProjectError
            There is no warehouse.
        DatasetError
            It has no such dataset, or cannot be read.
        """
        texts: list[list[str | None]] = []
        mistyped: list[tuple[int, str, str]] = []
        for name, kind in wanted.key:
            column = [_text(value, kind) for value in keys[name]]
            mistyped += [(row, name, kind) for row, text in enumerate(column) if text is None]
            texts.append(column)
        if mistyped:
            return Found({}, (), tuple(mistyped))
        try:
            con = self._open()
            rows = con.execute(self._query(con, wanted), texts).fetchall()
        except duckdb.Error as error:
            self.close()
            told = str(error).splitlines()[0]
            raise DatasetError(f"rows cannot be looked up: {told}") from None
        return _found(wanted, rows)

    def close(self) -> None:
        """Close the warehouse; it is opened again when it is needed."""
        if self._con:
            self._con.close()
        self._con, self._file = None, None
        self._queries.clear()

    def _open(self) -> duckdb.DuckDBPyConnection:
        """Connect to the warehouse as it is now: another file has taken its place if it changed."""
        path = self._project.warehouse
        file = (path.stat().st_dev, path.stat().st_ino) if path.exists() else None
        if self._con is None or file is None or file != self._file:
            # What is open is shared by all of a process, so that it is closed first.
            self.close()
            self._con, self._file = connect(self._project), file
        return self._con

    def _query(self, con: duckdb.DuckDBPyConnection, wanted: Wanted) -> str:
        if wanted not in self._queries:
            made = dataset(wanted.name, wanted.sample, wanted.features, start=self._project.root)
            self._queries[wanted] = _written(made.composition, wanted)
        return self._queries[wanted]


def _written(composition: Composition, wanted: Wanted) -> str:
    """Write the query, whose parameters are a list of texts for each column of the key."""
    keys = [identifier(name) for name, _ in wanted.key]
    asked = ", ".join(
        f"try_cast(unnest(${place}::varchar[]) as {kind}) as {identifier(name)}"
        for place, (name, kind) in enumerate(wanted.key, 1)
    )
    same = " and ".join(f"a.{key} = s.{key}" for key in keys)
    chosen = f"(select s.* from {composition.sample.view.quoted} s semi join {_ASKED} a on {same})"
    known = [f"a.{key} is null" for key in keys]
    given = [_cast(f"f.{identifier(name)}", kind) for name, kind in wanted.columns]
    joined = " and ".join(f"a.{key} = f.{key}" for key in keys)
    return f"""with {_ASKED} as materialized (
  select unnest(range(len($1::varchar[]))) as {_PLACE}, {asked}
), {_FOUND} as (
{composition.sql(chosen)}
)
select f.{keys[0]} is null, {", ".join([*known, *given])}
from {_ASKED} a left join {_FOUND} f on {joined}
order by a.{_PLACE}"""


def _cast(column: str, kind: str) -> str:
    cast = f"{column}::{kind}"
    # What is not a number is missing, as it is in training.
    return f"case when not isnan({cast}) then {cast} end" if kind == "DOUBLE" else cast


def _found(wanted: Wanted, rows: Sequence[tuple[Any, ...]]) -> Found:
    keys = len(wanted.key)
    mistyped = tuple(
        (place, name, kind)
        for place, row in enumerate(rows)
        for (name, kind), is_null in zip(wanted.key, row[1 : 1 + keys], strict=True)
        if is_null
    )
    missing = tuple(place for place, row in enumerate(rows) if row[0])
    columns = [*zip(*rows, strict=True)][1 + keys :]
    names = [name for name, _ in wanted.columns]
    return Found(dict(zip(names, columns, strict=True)), missing, mistyped)


def _text(value: Any, kind: str) -> str | None:
    """Write a value for the cast to ``kind``; ``None`` if it is not of that type.

    DuckDB would round 1.5 to a whole number, and take one for a truth value.
    """
    if value is None or isinstance(value, (list, dict)):
        return None
    if kind == "BOOLEAN":
        return str(value).lower() if isinstance(value, bool) else None
    if isinstance(value, bool):
        return None
    if _INTEGER.fullmatch(kind):
        return str(value) if isinstance(value, int) else None
    if _FLOAT.fullmatch(kind):
        return repr(value) if isinstance(value, (int, float)) else None
    # A text of digits is no time, and a number is no text.
    return value if isinstance(value, str) else None
