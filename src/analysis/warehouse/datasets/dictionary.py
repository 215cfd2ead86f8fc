"""What the warehouse tells of its relations, as far as a dataset is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from analysis.errors import DatasetError, Location
from analysis.lineage import UNOBSERVED
from analysis.warehouse.sql import readable

# A page that uses a dataset does not read the descriptions of all others: what counts of these
# rows is noted by name, see `dataset()`.
_RELATIONS = (
    f"{UNOBSERVED} name, kind, key, available_at, target, path, fingerprint from meta.relations"
)
_COLUMNS = (
    f"{UNOBSERVED} schema || '.' || relation, name, type from meta.columns "
    "order by schema, relation, position"
)


@dataclass(frozen=True)
class Described:
    """A relation with its schema, what its header declares, and the types of its columns.

    ``fingerprint`` is that of its content or, where that is not compared, of its definition.
    """

    name: str
    kind: str
    key: tuple[str, ...]
    available_at: str | None
    target: str | None
    path: str
    fingerprint: str
    columns: Mapping[str, str]

    @property
    def where(self) -> Location:
        """Give its file."""
        return Location(self.path)

    @property
    def quoted(self) -> str:
        """Give the name as SQL."""
        return ".".join(readable(part) for part in self.name.split("."))

    def column(self, name: str) -> str | None:
        """Find a column, written in any case, by the name that it has."""
        if name in self.columns:
            return name
        return next((known for known in self.columns if known.lower() == name.lower()), None)


def read_dictionary(con: duckdb.DuckDBPyConnection) -> Mapping[str, Described]:
    """Read what ``meta`` tells of all relations, by name.

    Raises
    ------
    DatasetError
        The warehouse does not tell, because an older program has built it.
    """
    try:
        rows = con.execute(_RELATIONS).fetchall()
        columns: dict[str, dict[str, str]] = {}
        for relation, name, kind in con.execute(_COLUMNS).fetchall():
            columns.setdefault(relation, {})[name] = kind
    except (duckdb.CatalogException, duckdb.BinderException):
        raise DatasetError(
            "the warehouse does not describe its relations", hint="run `analysis ingest --force`"
        ) from None
    return {row[0]: _described(row, columns.get(row[0], {})) for row in rows}


def _described(row: tuple[Any, ...], columns: Mapping[str, str]) -> Described:
    name, kind, key, available_at, target, path, fingerprint = row
    return Described(name, kind, tuple(key or ()), available_at, target, path, fingerprint, columns)
