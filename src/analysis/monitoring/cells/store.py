"""Cells and their counts as Parquet files, which are written only if they say something else."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import ProjectError
from analysis.files import fresh_folder
from analysis.models.bundle.record import Bundle
from analysis.monitoring.cells.record import Bin, FieldBins, VersionBins
from analysis.monitoring.stored.places import monitoring_folder
from analysis.project import Project
from analysis.warehouse.monitored import BINS
from analysis.warehouse.opened import telling
from analysis.warehouse.sql import files, identifier, literal

if TYPE_CHECKING:
    import duckdb

_SPECIAL_LAST = "cell < 0, cell"


def bins_file(project: Project, model: str, version: str) -> Path:
    """Say where the cells of a version lie."""
    return monitoring_folder(project, model) / "bins" / f"{version}.parquet"


def cells_file(project: Project, model: str, name: str) -> Path:
    """Say where counts lie: of a month, ``2013-09``, or of ``training-<version>``."""
    return monitoring_folder(project, model) / "cells" / f"{name}.parquet"


def write_parquet(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> bool:
    """Write ordered rows, unless the file is the same already; say whether it was written.

    The file comes in one rename.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with fresh_folder(path.parent, ".writing-") as folder:
        made = folder / path.name
        with _one_thread(con):
            con.execute(
                f"copy ({query}) to {literal(str(made))} (format parquet, compression zstd)"
            )
        if path.is_file() and filecmp.cmp(made, path, shallow=False):
            return False
        made.replace(path)
        return True


@contextmanager
def _one_thread(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write row groups in the same way each time."""
    before = con.execute("select current_setting('threads')").fetchall()[0][0]
    con.execute("set threads = 1")
    try:
        yield
    finally:
        con.execute(f"set threads = {before}")


def write_bins(con: duckdb.DuckDBPyConnection, project: Project, bins: VersionBins) -> None:
    """Write the cells of a version."""
    model = bins.bundle.model
    rows = [
        (model, bins.version, one.field, one.kind, b.cell, b.bin, b.low, b.high, b.text)
        for one in bins.fields.values()
        for b in one.bins
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    told = ", ".join(f"unnest(?::{kind}[]) as {identifier(name)}" for name, kind in BINS.items())
    con.execute(f"create or replace temp table written_bins as select {told}", columns)
    query = f"select * from written_bins order by field, {_SPECIAL_LAST}"
    write_parquet(con, query, bins_file(project, model, bins.version))


def read_bins(
    con: duckdb.DuckDBPyConnection, project: Project, version: str, bundle: Bundle
) -> VersionBins | None:
    """Read the cells of a version; ``None`` if there are none, or the file is damaged."""
    path = bins_file(project, bundle.model, version)
    if not path.is_file():
        return None
    query = f"""select field, kind, cell, bin, low, high, text
from read_parquet({files([path])}) order by field, {_SPECIAL_LAST}"""
    try:
        with telling("the cells cannot be read"):
            rows = con.execute(query).fetchall()
    except ProjectError:
        return None
    found: dict[str, tuple[str, list[Bin]]] = {}
    for field, kind, *told in rows:
        found.setdefault(field, (kind, []))[1].append(Bin(*told))
    return VersionBins(version, bundle, _fields(found))


def _fields(found: Mapping[str, tuple[str, list[Bin]]]) -> dict[str, FieldBins]:
    return {
        name: FieldBins(name, kind, tuple(bins))  # type: ignore[arg-type]
        for name, (kind, bins) in found.items()
    }
