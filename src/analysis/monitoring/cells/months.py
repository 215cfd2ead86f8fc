"""Counts of production by month: days are replaced whole, and all else stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from analysis.monitoring.cells.store import cells_file, write_parquet
from analysis.monitoring.cells.sums import counted_cells
from analysis.project import Project
from analysis.warehouse.opened import telling
from analysis.warehouse.sql import constant, files

if TYPE_CHECKING:
    import duckdb

ORDER = "version, origin, arm, shadow, day, field, cell, text"
_NEW = "new_cells"


def write_months(
    con: duckdb.DuckDBPyConnection, project: Project, model: str, days: Sequence[date]
) -> None:
    """Put what was counted of ``days`` into the files of their months."""
    con.execute(f"create or replace temp table {_NEW} as {counted_cells(model, 'production')}")
    for month in sorted({day.replace(day=1) for day in days}):
        _write_month(con, project, model, month, [d for d in days if d.replace(day=1) == month])


def _write_month(
    con: duckdb.DuckDBPyConnection, project: Project, model: str, month: date, days: Sequence[date]
) -> None:
    path = cells_file(project, model, f"{month:%Y-%m}")
    listed = ", ".join(constant(day) for day in days)
    parts = [f"select * from {_NEW} where day in ({listed})"]
    if path.is_file():
        parts.append(f"select * from read_parquet({files([path])}) where day not in ({listed})")
    query = " union all by name ".join(f"({part})" for part in parts)
    with telling("counts of a month cannot be written"):
        con.execute(f"create or replace temp table month_cells as {query}")
        if con.execute("select count(*) from month_cells").fetchall() == [(0,)]:
            path.unlink(missing_ok=True)
        else:
            write_parquet(con, f"select * from month_cells order by {ORDER}", path)
