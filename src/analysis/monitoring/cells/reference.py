"""The cells of versions and the counts of what they were trained on: made once for each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import fresh_folder
from analysis.models.bundle.record import Version
from analysis.monitoring.cells.bins import make_bins
from analysis.monitoring.cells.counting import Rows, count_rows
from analysis.monitoring.cells.months import ORDER
from analysis.monitoring.cells.record import VersionBins
from analysis.monitoring.cells.store import (
    bins_file,
    cells_file,
    read_bins,
    write_bins,
    write_parquet,
)
from analysis.monitoring.cells.sums import counted_cells, prepare
from analysis.monitoring.cells.told import told_cells
from analysis.monitoring.cells.training import ARM, Training, training_rows
from analysis.monitoring.declared.record import Monitor
from analysis.project import Project

if TYPE_CHECKING:
    import duckdb


def bring_cells(
    project: Project, con: duckdb.DuckDBPyConnection, version: Version, monitor: Monitor,
    *, again: bool = False,
) -> VersionBins:  # fmt: skip
    """Give the cells of a version; what was not made of it yet, or shall be ``again``, is made."""
    bins = read_bins(con, project, version.id, version.bundle)
    reference = cells_file(project, version.bundle.model, f"training-{version.id}")
    if bins is not None and reference.is_file() and not again:
        return bins
    with fresh_folder(project.work_dir, ".training-") as folder:
        training = training_rows(project, con, version.bundle, monitor, folder)
        if bins is None:
            bins = make_bins(con, version.id, version.bundle, training)
            write_bins(con, project, bins)
        # Without rows of training, the counts that there are tell more than its bundle does.
        if not (reference.is_file() and training.why_not):
            _write_reference(con, bins, training, monitor, reference)
    return bins


def is_there(project: Project, version: Version) -> bool:
    """Say whether the cells and the reference of a version were made."""
    model = version.bundle.model
    reference = cells_file(project, model, f"training-{version.id}")
    return bins_file(project, model, version.id).is_file() and reference.is_file()


def _write_reference(
    con: duckdb.DuckDBPyConnection, bins: VersionBins, training: Training, monitor: Monitor,
    path: Path,
) -> None:  # fmt: skip
    prepare(con)
    if training.why_not:
        told_cells(con, bins)
    else:
        query = f"select * replace ({_version(bins)} as version) from ({training.query})"
        begin = con.execute(f"select min(day) from ({query})").fetchall()[0][0]
        count_rows(con, Rows(query, bins.version, begin or date(1970, 1, 1), (ARM,)), bins, monitor)
    cells = counted_cells(bins.bundle.model, "training")
    kept = "where field not in ('@latency', '@refused')"
    write_parquet(con, f"select * from ({cells}) {kept} order by {ORDER}", path)


def _version(bins: VersionBins) -> str:
    return f"'{bins.version}'::varchar"
