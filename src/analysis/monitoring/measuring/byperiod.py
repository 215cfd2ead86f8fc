"""Counts added up by period for a while, so that dozens of queries read few rows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.monitoring.declared.record import Monitor
from analysis.warehouse.monitored import BINS, CELLS
from analysis.warehouse.sql import identifier, literal

if TYPE_CHECKING:
    import duckdb

_NAME = "counts_by_period"
_SUMS = tuple(CELLS)[tuple(CELLS).index("rows") :]


@contextlib.contextmanager
def by_period(con: duckdb.DuckDBPyConnection, monitor: Monitor) -> Iterator[None]:
    """Let ``meta.cells`` be the model's counts by period, and ``meta.bins`` its bins.

    Metrics are of sums over periods, so that they are the same: only rows of days that are null
    stay as they are. They lie in a database of their own, which is gone afterwards.
    """
    (before,) = con.execute("select current_catalog()").fetchall()[0]
    con.execute(f"attach ':memory:' as {_NAME}")
    try:
        con.execute(f"create schema {_NAME}.meta")
        _fill(con, monitor)
        con.execute(f"use {_NAME}")
        yield
    finally:
        con.execute(f"use {identifier(before)}")
        con.execute(f"detach {_NAME}")


def _fill(con: duckdb.DuckDBPyConnection, monitor: Monitor) -> None:
    told = ", ".join(
        f"sum({name}) as {name}"
        if name in _SUMS
        else f"date_trunc({literal(monitor.period)}, day)::date as day"
        if name == "day"
        else name
        for name in map(str, CELLS)
    )
    own = f"where model = {literal(monitor.model)}"
    con.execute(
        f"create table {_NAME}.meta.cells as select {told} from meta.cells {own} group by all"
    )
    bins = ", ".join(map(identifier, BINS))
    con.execute(f"create table {_NAME}.meta.bins as select {bins} from meta.bins {own}")
