"""Data frames, Arrow tables and dicts into one temporary table, each added to those before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.declared.types import family
from analysis.warehouse.reading.columns import check_names
from analysis.warehouse.reading.parts import other_columns
from analysis.warehouse.reading.staged import Request
from analysis.warehouse.reading.texts import Rows, Table, written
from analysis.warehouse.sql import identifier

GIVEN = "given"
NUMBERS = ("INTEGER", "DOUBLE", "DECIMAL")


@dataclass
class Frames:
    """The table in the making; ``label`` is what the tables come from, ``columns`` those so far."""

    con: duckdb.DuckDBPyConnection
    request: Request
    label: str
    relation: str = "staged"
    columns: dict[str, str] = field(default_factory=dict)
    _count: int = 0
    _unknown: set[str] = field(default_factory=set)

    def add(self, table: Any) -> None:
        """Add a table.

        Raises
        ------
        SourceError
            It is none, or its columns are not those of the first.
        """
        self._count += 1
        names, values = _described(table, self.where)
        if not names:
            return
        check_names(names, self.where)
        if self.columns and set(names) != set(self.columns):
            raise other_columns(names, self.where, self.columns, f"the first of {self.label}")
        with self._registered(table, names, values) as rows:
            self._insert(rows, names)

    @property
    def where(self) -> Location:
        """Say which table this is."""
        return Location(f"{self.label}, table {self._count}")

    @contextmanager
    def _registered(self, table: Any, names: Sequence[str], values: Rows | None) -> Iterator[str]:
        if values is not None:
            with closing(values), written(self.request, Table(self.label, names, values)) as found:
                yield found[0]
            return
        self.con.register(GIVEN, table)
        try:
            yield GIVEN
        finally:
            self.con.unregister(GIVEN)

    def _insert(self, rows: str, names: Sequence[str]) -> None:
        found = self.con.execute(f"describe from {rows}").fetchall()
        declared = self.request.source.columns
        types = {name: kind for name, kind, *_ in found if name in declared}
        empty = self._without_values(rows, types)
        is_first = not self.columns
        for name in names:
            # Those that are not declared are told later.
            kind = _stored(types[name], declared[name].type) if name in types else "VARCHAR"
            self._settle(name, kind, is_empty=name in empty)
        values = [
            f"{_cast(name, kind, self.columns[name], is_empty=name in empty)} as {identifier(name)}"
            for name, kind in types.items()
        ]
        table = self.relation
        self.con.execute(
            (f"create temp table {table} as" if is_first else f"insert into {table} by name")
            + f" select {', '.join(values) or 'null as nothing'} from {rows}"
        )

    def _settle(self, name: str, kind: str, *, is_empty: bool) -> None:
        """Choose the type of a column by the first table in which it has a value."""
        if name not in self.columns:
            self.columns[name] = kind
            if is_empty:
                self._unknown.add(name)
        elif is_empty:
            return
        elif kind == self.columns[name]:
            self._unknown.discard(name)
        elif name in self._unknown:
            self._unknown.remove(name)
            self.columns[name] = kind
            self.con.execute(f"alter table {self.relation} alter {identifier(name)} type {kind}")
        else:
            raise SourceError(
                f"the column `{name}` is {kind} here, but was {self.columns[name]} before",
                self.where,
                "give all tables the same types",
            )

    def _without_values(self, rows: str, types: Mapping[str, str]) -> set[str]:
        """Find the columns of which nothing is known: of them the type says nothing, either."""
        if not types:
            return set()
        counts = ", ".join(f"count({identifier(name)})" for name in types)
        found = self.con.execute(f"select {counts} from {rows}").fetchall()[0]
        return {name for name, count in zip(types, found, strict=True) if not count}


def _stored(kind: str, declared: str) -> str:
    """Choose a type that is the same for all tables, whatever libraries make of missing values."""
    if family(kind) in NUMBERS and family(declared) in NUMBERS:
        return "DOUBLE" if family(declared) == "DOUBLE" else "VARCHAR"
    return family(kind) if family(kind) in ("VARCHAR", "TIMESTAMP") else kind


def _cast(name: str, kind: str, stored: str, *, is_empty: bool) -> str:
    column = identifier(name)
    if is_empty:
        return f"null::{stored}"
    if family(kind) == "DOUBLE" and stored == "VARCHAR":
        # What pandas makes of whole numbers, when one is missing.
        is_whole = f"{column} = trunc({column}) and abs({column}) < 1e30"
        whole = f"{column}::hugeint::varchar"
        return f"case when {is_whole} then {whole} else {column}::varchar end"
    return f"{column}::{stored}"


def _described(table: Any, where: Location) -> tuple[list[str], Rows | None]:
    """Give the names of the columns, and, where a table is made of dicts, its rows."""
    if isinstance(table, Mapping) and all(map(_is_column, table.values())):
        return [str(name) for name in table], _numbered(zip(*table.values(), strict=True))
    if isinstance(table, list) and all(isinstance(row, Mapping) for row in table):
        names = list(dict.fromkeys(str(key) for row in table for key in row))
        return names, _numbered([row.get(name) for name in names] for row in table)
    library = type(table).__module__.partition(".")[0]
    if library == "pandas" and hasattr(table, "columns"):
        return [str(name) for name in table.columns], None
    if library == "pyarrow" and hasattr(table, "schema"):
        return list(table.schema.names), None
    raise SourceError(
        f"this is no table, but of the type {type(table).__name__}",
        where,
        "give a pandas data frame, an Arrow table, a dict of columns, or a list of dicts",
    )


def _is_column(values: object) -> bool:
    return hasattr(values, "__len__") and not isinstance(values, str | bytes | Mapping)


def _numbered(rows: Iterator[Sequence[object]]) -> Rows:
    yield from enumerate(rows, 1)
