"""Measuring what was counted of a model in a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.models.bundle.record import Bundle
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.measuring.measure import measure
from analysis.monitoring.stored.places import monitoring_folder
from analysis.monitoring.stored.record import Measurement
from analysis.project import Project
from analysis.warehouse.monitored import BINS, CELLS
from analysis.warehouse.opened import in_memory, telling
from analysis.warehouse.sql import files, identifier

if TYPE_CHECKING:
    import duckdb


def measure_model(
    project: Project, bundles: Mapping[str, Bundle], monitor: Monitor
) -> tuple[Measurement, ...]:
    """Give all numbers of a model from its counts; ``bundles`` are by the id of the version.

    Raises
    ------
    ProjectError
        What was counted is damaged.
    """
    home = monitoring_folder(project, monitor.model)
    failing = telling(f"what was counted of {monitor.model} cannot be read")
    with failing, in_memory(project.work_dir) as con:
        con.execute("create schema meta")
        _take(con, "cells", CELLS, home / "cells")
        _take(con, "bins", BINS, home / "bins")
        return measure(con, monitor, bundles)


def _take(
    con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], folder: Path
) -> None:
    """Read them once; they are asked for dozens of times."""
    told = ", ".join(f"{identifier(column)} {kind}" for column, kind in columns.items())
    con.execute(f"create table meta.{name} ({told})")
    found = sorted(folder.glob("*.parquet"))
    if found:
        names = ", ".join(map(identifier, columns))
        con.execute(
            f"insert into meta.{name} select {names} "
            f"from read_parquet({files(found)}, union_by_name = true)"
        )
