"""Drift with its floor and its consequences, from real tables of counts."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import wasserstein_distance

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.estimating.drifts import DRIFTS
from analysis.monitoring.measuring.asked import ask, ask_training
from analysis.monitoring.measuring.byperiod import by_period
from analysis.monitoring.measuring.drifts import Counts, _counts
from analysis.monitoring.measuring.measure import measure
from analysis.monitoring.metrics.registry import metrics_of
from analysis.monitoring.stored.record import Measurement
from tests.helpers.bundles import bundle_of
from tests.helpers.monitored import MODEL, count, random_rows
from tests.monitoring.measured_rows import (
    MONITOR,
    all_rows,
    measured_of,
    one_of,
    open_counts,
    training_rows,
)


@pytest.fixture(scope="module")
def measured() -> tuple[Measurement, ...]:
    return measured_of(all_rows())


def test_drift_has_a_floor_and_consequences_follow(measured: tuple[Measurement, ...]) -> None:
    calm = one_of(measured, "psi", "2013-07", version="v1", arm="champion", of="wind")
    rows = pd.concat([training_rows(), random_rows(4000, days=31, shift=3.0)])
    with open_counts(count(rows)) as con:
        bundle = replace(
            bundle_of("binary"), importance={"wind": 0.3, "carrier": 0.1, "holiday": -0.1}
        )
        moved = measure(con, MONITOR, {"v1": bundle})
    wind = one_of(moved, "psi", "2013-07", version="v1", arm="champion", of="wind")
    matter = one_of(moved, "consequence", "2013-07", version="v1", arm="champion", of="wind")

    assert calm.value is not None
    assert calm.floor is not None
    assert 0 < calm.value < 3 * calm.floor
    assert wind.value is not None
    assert wind.floor is not None
    assert wind.value > 5 * wind.floor
    assert matter.value == pytest.approx(0.75 * (wind.value - wind.floor))
    still = one_of(moved, "consequence", "2013-07", version="v1", arm="champion", of="holiday")
    assert still.value == 0
    for metric in ("jensen_shannon", "wasserstein"):
        one = one_of(moved, metric, "2013-07", version="v1", arm="champion", of="wind")
        assert (one.value or 0) > (one.floor or np.inf)
    told = one_of(moved, "rows", "2013-07", version="v1", arm="champion")
    assert told.note is None


def test_a_floor_equals_what_the_query_says_of_a_run_of_days() -> None:
    """Floors and values are of the same formulas: PSI of two halves, by both."""
    rows = training_rows()
    early, late = rows[rows.day < "2013-04-01"], rows[rows.day >= "2013-04-01"]
    both = pd.concat([early, late.assign(origin="production", arm="champion")])
    counted = count(both)
    with open_counts(counted) as con:
        found = measure(con, Monitor(MODEL, period="quarter"), {})
        for metric in (*DRIFTS, "wasserstein"):
            for field in ("wind", "carrier", "@score"):
                told = [
                    o for o in found if (o.metric, o.of, o.period) == (metric, field, "2013-Q2")
                ]
                if not told:
                    continue
                own = _counts(con, MODEL, "v1")[field]
                assert told[0].value == pytest.approx(
                    _by_hand(con, metric, field, own), rel=1e-6
                ), (metric, field)


def _by_hand(con: duckdb.DuckDBPyConnection, metric: str, field: str, own: Counts) -> float:
    value = "case when c.field = '@score' then c.score else c.value end"
    rows = con.execute(
        "select b.bin, c.cell, sum(rows) filter (origin = 'production'), "
        f"sum(rows) filter (origin = 'training'), sum({value}) filter (origin = 'production'), "
        f"sum({value}) filter (origin = 'training') from meta.cells c join meta.bins b "
        "using (version, field, cell) where field = ? and day < '2013-07-01' "
        "and (origin = 'training' or day >= '2013-04-01') group by all",
        [field],
    ).fetchall()
    table = np.array([[v if v is not None else np.nan for v in row] for row in rows], float)
    now, before = np.nan_to_num(table[:, 2]), np.nan_to_num(table[:, 3])
    assert own.rows.sum() == before.sum()
    if metric == "wasserstein":
        with np.errstate(invalid="ignore"):
            at, other = table[:, 4] / now, table[:, 5] / before
        some, others = np.isfinite(at), np.isfinite(other)
        return float(wasserstein_distance(at[some], other[others], now[some], before[others]))
    place = np.unique(table[:, 0], return_inverse=True)[1]
    return float(DRIFTS[metric](np.bincount(place, now), np.bincount(place, before)))


def test_queries_by_period_say_the_same() -> None:
    monitor = Monitor(MODEL, threshold=0.3, reference="previous")
    metrics = metrics_of("binary")
    with open_counts(count(all_rows())) as con:
        days = ask(con, metrics, monitor), ask_training(con, metrics, monitor)
        with by_period(con, monitor):
            periods = ask(con, metrics, monitor), ask_training(con, metrics, monitor)
        assert con.execute("select current_catalog()").fetchall() == [("memory",)]

    assert [replace(one, value=None) for one in periods[0]] == [
        replace(one, value=None) for one in days[0]
    ]
    assert [one.value for one in periods[0]] == pytest.approx([one.value for one in days[0]])
    assert dict(periods[1]) == pytest.approx(dict(days[1]))
