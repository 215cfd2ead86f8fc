"""Random rows that are measured, and the numbers that are told of them."""

from __future__ import annotations

import duckdb
import pandas as pd

from analysis.monitoring.declared.record import Monitor, Segment
from analysis.monitoring.measuring.measure import measure
from analysis.monitoring.stored.record import Measurement
from analysis.warehouse import monitored
from tests.helpers.monitored import MODEL, Counted, count, random_rows

MONITOR = Monitor(MODEL, threshold=0.3, segments=(Segment("carrier"),))


def open_counts(counted: Counted) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema meta")
    for name, columns in (("cells", monitored.CELLS), ("bins", monitored.BINS)):
        told = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        con.execute(f"create table meta.{name} ({told})")
        con.register("given", getattr(counted, name))
        con.execute(f"insert into meta.{name} select * from given")
    return con


def measured_of(rows: pd.DataFrame, monitor: Monitor = MONITOR) -> tuple[Measurement, ...]:
    with open_counts(count(rows)) as con:
        return measure(con, monitor, {})


def training_rows() -> pd.DataFrame:
    return random_rows(
        12_000, seed=1, begin="2013-01-01", days=180, origin="training", arm=None, labelled=1
    )


def all_rows() -> pd.DataFrame:
    challenger = random_rows(
        3000, seed=3, begin="2013-08-01", days=60, version="v2", arm="challenger"
    )
    shadow = challenger.assign(version="v3", arm="challenger", shadow=True)
    return pd.concat([training_rows(), random_rows(9000, seed=2, days=90), challenger, shadow])


def one_of(
    found: tuple[Measurement, ...], metric: str, period: str, **told: str | None
) -> Measurement:
    wanted = {"version": None, "arm": None, "of": "", "part": "", **told}
    kept = [
        one
        for one in found
        if one.metric == metric
        and one.period == period
        and all(getattr(one, name) == value for name, value in wanted.items())
    ]
    assert len(kept) == 1, kept
    return kept[0]
