"""What a reader is asked for, and what it gives: rows that DuckDB can read, and their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from analysis.errors import Location, SourceError
from analysis.project import Project
from analysis.warehouse.declared.sources import Source, Sources
from analysis.warehouse.reading.places import Place

if TYPE_CHECKING:
    import duckdb

# The number of a row in a staged relation that is a table: DuckDB's own, from 0.
ROWID = "rowid"


@dataclass(frozen=True)
class Request:
    """A source to be read: its files, if it has any; ``folder`` is for scratch files."""

    name: str
    sources: Sources
    places: tuple[Place, ...]
    project: Project
    folder: Path

    @property
    def source(self) -> Source:
        """Give what is declared of it."""
        return self.sources.by_name[self.name]

    def where(self, *keys: str | int) -> Location:
        """Locate its declaration, or a key in it."""
        return self.sources.where(self.name, *keys)


@dataclass(frozen=True)
class Broken:
    """A row that cannot be split into columns: its number or line, its text, and why."""

    line: int | None
    text: str
    why: str
    file: str


@dataclass(frozen=True)
class Staged:
    """The rows of a source where DuckDB can read them.

    ``relation`` is what stands behind FROM: a temporary table, or a function that scans files.
    ``columns`` are its names and DuckDB types, in the order of the data; VARCHAR columns that are
    declared otherwise are still to be cast. ``header`` is where the names stand, and ``locate``
    tells where a row does, counted from 0.
    ``scannable`` says that the relation is no table, but a scan of files that gives the same rows
    in the same order each time; ``in_place``, that it is to stay one. ``explain`` finds the file at
    fault when a scan fails.
    """

    relation: str
    columns: Mapping[str, str]
    header: Location
    locate: Callable[[int], Location]
    broken: tuple[Broken, ...] = ()
    scannable: bool = False
    in_place: bool = False
    explain: Callable[[duckdb.Error], SourceError | None] = lambda _: None


class Reader(Protocol):
    """A module that reads one kind of source."""

    def stage(self, con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
        """Bring the rows to where DuckDB can read them.

        Raises
        ------
        SourceError
            The data are damaged or cannot be reached.
        """


class Stateful(Protocol):
    """A module that knows whether the data of its kind changed, without reading them whole."""

    def state(self, request: Request) -> Mapping[str, str]:
        """Fingerprint what the data lie in as they are now; equal fingerprints mean equal data.

        Raises
        ------
        SourceError
            The data cannot be reached.
        """
