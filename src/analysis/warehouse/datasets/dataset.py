"""``analysis.dataset``: a sample of the warehouse with its features, checked, as one query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from analysis.errors import DatasetError
from analysis.lineage import note_dataset
from analysis.project import Project, find_project
from analysis.warehouse.connection import db
from analysis.warehouse.datasets.checks import checks_of
from analysis.warehouse.datasets.composition import Composition, compose
from analysis.warehouse.datasets.dictionary import read_dictionary
from analysis.warehouse.datasets.reading import (
    Column,
    chunks_by,
    chunks_of,
    described,
    to_arrow,
    write_parquet,
)
from analysis.warehouse.datasets.sampling import sampled
from analysis.warehouse.datasets.verdicts import make_checks

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

VERDICTS = "datasets.json"


@dataclass(frozen=True, repr=False)
class Dataset:
    """A sample view joined with feature views; DuckDB does the work when it is asked for.

    Made by `analysis.dataset`, which has checked it. Whole numbers that may be missing become
    ``Int64`` in pandas; cast them where a library needs ``float``.
    """

    name: str
    project: Project
    composition: Composition

    @property
    def sample_view(self) -> str:
        """Give the name of the sample view."""
        return self.composition.sample.view.name

    @property
    def features(self) -> tuple[str, ...]:
        """Give the names of the feature views."""
        return tuple(part.view.name for part in self.composition.features)

    @property
    def key(self) -> tuple[str, ...]:
        """Give the columns that tell the rows apart."""
        return self.composition.sample.view.key

    @property
    def target(self) -> str | None:
        """Give the column that is to be predicted."""
        return self.composition.sample.view.target

    @property
    def columns(self) -> tuple[Column, ...]:
        """Describe the columns: name, type, unit, description, and the view of each."""
        with self._open() as con:
            return described(con, self.composition)

    def sql(
        self,
        *,
        inline: bool = False,
        dialect: str = "duckdb",
        tables: Mapping[str, str] | None = None,
    ) -> str:
        """Give the query, which names views of the warehouse.

        Parameters
        ----------
        inline
            Give one that stands for itself: every view in it, and of the warehouse nothing but
            the tables of the sources, ``raw.flights`` under the name ``flights``.
        dialect
            Of such a query: duckdb, postgres, sqlite, spark or bigquery.
        tables
            Other names for relations in such a query, as ``{"raw.flights": "public.flights"}``.

        Raises
        ------
        DatasetError
            A view cannot be written in that dialect; with the file and line.
        """
        if not inline:
            if dialect != "duckdb" or tables:
                raise DatasetError(
                    "only a query that stands for itself can be written for another database",
                    hint="call `.sql(inline=True, ...)`",
                )
            return self.composition.sql()
        from analysis.warehouse.datasets.inline.inline import inline_sql

        with self._open() as con:
            return inline_sql(con, self.composition, dialect, tables or {})

    def count(self) -> int:
        """Count the rows."""
        with self._open() as con:
            sample = self.composition.sample.view.quoted
            return int(con.execute(f"select count(*) from {sample}").fetchall()[0][0])

    def df(self, *, ordered: bool = False) -> pd.DataFrame:
        """Read all rows into pandas; ``ordered`` by the key, or as they come."""
        with self._open() as con:
            return con.execute(self.composition.sql(ordered=ordered)).df()

    def arrow(self, *, ordered: bool = False) -> pa.Table:
        """Read all rows into Arrow; needs the extra ``analysis[arrow]``."""
        with self._open() as con:
            return to_arrow(con, self.composition.sql(ordered=ordered))

    def to_parquet(self, path: str | Path, *, ordered: bool = False) -> Path:
        """Write all rows to a Parquet file, in one rename; memory does not grow with them."""
        with self._open() as con:
            return write_parquet(con, self.composition.sql(ordered=ordered), Path(path))

    def head(self, n: int = 5) -> pd.DataFrame:
        """Read the first ``n`` rows by the key."""
        with self._open() as con:
            return con.execute(f"{self.composition.sql(ordered=True)}\nlimit {int(n)}").df()

    def sample(
        self, n: int, *, stratify: str | Sequence[str] | None = None, seed: int = 0
    ) -> pd.DataFrame:
        """Read ``n`` rows by chance, ordered by the key: the same for a seed and a content.

        ``stratify`` names columns; each of their values gets its share of the rows.

        Raises
        ------
        DatasetError
            There are fewer rows, or no such column.
        """
        strata = [stratify] if isinstance(stratify, str) else [*(stratify or ())]
        strata = [self.composition.find(name).name for name in strata]
        rows = self.count()
        if not 0 < n <= rows:
            raise DatasetError(
                f"the dataset `{self.name}` has {rows:,} rows, and {n:,} were asked for",
                hint=f"ask for a number from 1 to {rows}",
            )
        with self._open() as con:
            return con.execute(sampled(self.composition, int(n), strata, int(seed))).df()

    def chunks(
        self, *, by: str | Sequence[str] | None = None, rows: int | None = None
    ) -> Iterator[pd.DataFrame]:
        """Read the rows piece by piece; memory holds one piece.

        Parameters
        ----------
        by
            Columns: one piece, and one query, for each of their values, in order.
        rows
            The size of a piece, the last of which may be smaller.

        Raises
        ------
        DatasetError
            Both or neither are given, or there is no such column.
        """
        names = [by] if isinstance(by, str) else [*(by or ())]
        if bool(names) == (rows is not None) or (rows is not None and rows < 1):
            raise DatasetError(
                "chunks are made by columns, or of a number of rows",
                hint="call `.chunks(by='month')` or `.chunks(rows=100_000)`",
            )
        if rows is not None:
            return self._pieces(lambda con: chunks_of(con, self.composition, rows))
        found = [self.composition.find(name) for name in names]
        return self._pieces(lambda con: chunks_by(con, self.composition, found))

    def _pieces(self, read: Any) -> Iterator[pd.DataFrame]:
        with self._open() as con:
            yield from read(con)

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Connect to the warehouse, which must be the one that was checked."""
        with db(self.project.root) as con:
            self._check_unchanged(con)
            try:
                yield con
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                raise DatasetError(
                    f"the dataset `{self.name}` cannot be read: {str(error).splitlines()[0]}",
                    hint="look at the views with `analysis.query`",
                ) from None

    def _check_unchanged(self, con: duckdb.DuckDBPyConnection) -> None:
        parts = (self.composition.sample, *self.composition.features)
        now = read_dictionary(con)
        if any(now.get(part.view.name) != part.view for part in parts):
            raise DatasetError(
                f"the warehouse was built anew since the dataset `{self.name}` was checked",
                hint="call `analysis.dataset` again",
            )

    def __repr__(self) -> str:
        """Say what it is made of."""
        columns = ", ".join(column.name for column in self.composition.columns)
        views = " + ".join([self.sample_view, *self.features])
        return f"Dataset {self.name}: {views}\n  {columns}"


def dataset(
    name: str,
    sample: str,
    features: str | Sequence[str],
    *,
    available_at: bool = False,
    start: Path | None = None,
) -> Dataset:
    """Join a sample view with feature views, and check that this gives what is meant.

    Every feature view has one row a key, and none of its rows that is joined became known after
    the moment that the sample's row stands for. What has passed is not checked again until the
    content changes.

    Parameters
    ----------
    name
        What the dataset is called in the lineage.
    sample, features
        Views. Without a schema, the sample is of ``samples`` and a feature of ``features``.
    available_at
        Also give when each feature became known, as ``<feature>_available_at``.
    start
        A folder of the project; by default the current one.

    Raises
    ------
    DatasetError
        The views do not fit together, or a check fails; with an example.
    """
    names = [features] if isinstance(features, str) else [*features]
    if not names:
        raise DatasetError(
            f"the dataset `{name}` has no features", hint="name a view in data/sql/features"
        )
    full = [_full("samples", sample), *(_full("features", feature) for feature in names)]
    project = find_project(start or Path.cwd())
    note_dataset(name, full)
    with db(project.root) as con:
        composed = compose(name, full[0], full[1:], read_dictionary(con), available_at=available_at)
        make_checks(checks_of(composed), con, project.work_dir / VERDICTS)
    return Dataset(name, project, composed)


def _full(schema: str, name: str) -> str:
    """Give the name of a relation; ``schema`` is that of names without one."""
    return (name if "." in name else f"{schema}.{name}").lower()
