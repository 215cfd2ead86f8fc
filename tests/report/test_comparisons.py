"""Rates and means: against hand computation, and against simulation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import analysis

Warehouse = Callable[[str], None]

# Carrier a flies mostly in the evening, when everyone is late; b mostly in the morning.
# In each part of the day a is the better one.
TIMETABLE = """
create table flights as
select carrier, part, day, late
from (values
  ('a', 'morning', 10, 1), ('a', 'evening', 90, 45),
  ('b', 'morning', 90, 18), ('b', 'evening', 10, 6)
) as cells(carrier, part, n, hits),
unnest(range(n)) as rows(i),
lateral (select i < hits as late, i % 10 as day)
"""


def test_a_plain_rate_is_the_share_of_true_rows(warehouse: Warehouse) -> None:
    warehouse(TIMETABLE)
    found = analysis.rates("flights", "late", "carrier", cluster="day")
    assert found.carrier.tolist() == ["a", "b"]
    assert found.n.tolist() == [100, 100]
    assert found.rate.tolist() == [0.46, 0.24]
    assert found.coverage.tolist() == [1, 1]


def test_a_standardised_rate_weighs_each_stratum_as_all_rows_do(warehouse: Warehouse) -> None:
    warehouse(TIMETABLE)
    found = analysis.rates("flights", "late", "carrier", cluster="day", strata=["part"])
    # Half of all flights are in the morning: a has 1 / 10 and 45 / 90, b has 18 / 90 and 6 / 10.
    assert found.rate.tolist() == pytest.approx([0.5 * 0.1 + 0.5 * 0.5, 0.5 * 0.2 + 0.5 * 0.6])


def test_the_interval_of_a_mean_is_that_of_the_clusters(warehouse: Warehouse) -> None:
    warehouse(
        "create table visits as select * from (values (1, 2.0), (1, 4.0), (2, 6.0), (3, 1.0)) "
        "as v(patient, minutes), (values ('x')) as g(grp)"
    )
    [found] = analysis.means("visits", "minutes", "grp", cluster="patient").itertuples()
    # Mean 13 / 4; residual sums by patient: 6 - 6.5, 6 - 3.25, 1 - 3.25.
    residuals = np.array([-0.5, 2.75, -2.25])
    error = math.sqrt(3 / 2 * (residuals**2).sum()) / 4
    assert found.mean == pytest.approx(3.25)
    assert (found.low, found.high) == pytest.approx(
        (3.25 - 1.959964 * error, 3.25 + 1.959964 * error), abs=1e-6
    )


def test_equal_clusters_give_the_interval_of_the_cluster_means(warehouse: Warehouse) -> None:
    warehouse(
        "create table visits as select 'x' as grp, day, i < day + 2 as late "
        "from range(6) as d(day), range(10) as r(i)"
    )
    [found] = analysis.rates("visits", "late", "grp", cluster="day").itertuples()
    shares = np.arange(2, 8) / 10
    error = shares.std(ddof=1) / math.sqrt(6)
    logit = math.log(shares.mean() / (1 - shares.mean()))
    half = 1.959964 * error / (shares.mean() * (1 - shares.mean()))
    expected = [1 / (1 + math.exp(-(logit + sign * half))) for sign in (-1, 1)]
    assert [found.low, found.high] == pytest.approx(expected, abs=1e-6)


def test_intervals_cover_the_truth_when_clusters_differ(warehouse: Warehouse) -> None:
    """Standardised over strata, 200 samples of 60 days: about 95 % of the intervals hold 0.4."""
    random = np.random.default_rng(5)
    samples, days = 200, 60
    level = random.beta(2, 3, size=(samples, days))  # each day has its own rate, 0.4 on average
    frames = pd.DataFrame(
        {
            "sample": np.repeat(np.arange(samples), days * 20),
            "day": np.tile(np.repeat(np.arange(days), 20), samples),
            "part": np.tile(np.arange(20) % 2, samples * days),
            "late": random.random(samples * days * 20) < np.repeat(level.ravel(), 20),
        }
    )
    frames.to_csv("visits.csv", index=False)
    warehouse("create table visits as from 'visits.csv'")
    found = analysis.rates("visits", "late", "sample", cluster="day", strata=["part"])
    covered = ((found.low <= 0.4) & (found.high >= 0.4)).mean()
    assert 0.90 <= covered <= 0.99
    # Counting rows would be far too sure of itself.
    naive = 1.96 * np.sqrt(found.rate * (1 - found.rate) / found.n)
    assert (found.high - found.low).mean() > 1.5 * 2 * naive.mean()


def test_a_stratum_with_few_clusters_is_not_used(warehouse: Warehouse) -> None:
    warehouse(TIMETABLE)
    warehouse("insert into flights select 'c', 'morning', day, true from range(4) as d(day)")
    warehouse("insert into flights select 'd', 'morning', day, day < 3 from range(5) as d(day)")
    found = analysis.rates("flights", "late", "carrier", cluster="day", strata=["part"])
    found = found.set_index("carrier")
    assert "c" not in found.index
    assert found.rate["d"] == pytest.approx(0.6)
    assert found.coverage["d"] == pytest.approx(109 / 209)
    assert found.coverage["a"] == 1


def test_missing_values_are_left_out_and_a_sure_rate_has_no_interval(
    warehouse: Warehouse,
) -> None:
    warehouse(
        "create table visits as select * from (values "
        "('x', 1, true), ('x', 2, true), ('x', 2, null), (null, 1, true)) as v(grp, day, late)"
    )
    [found] = analysis.rates("visits", "late", "grp", cluster="day").itertuples()
    assert (found.grp, found.n, found.rate) == ("x", 2, 1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_columns_may_be_called_anything(warehouse: Warehouse) -> None:
    warehouse(
        'create table "odd names" as select i % 2 as n, i % 3 as "mean ""x""", i as unit, '
        "i > 2 as rate from range(12) as r(i)"
    )
    found = analysis.rates("odd names", "rate", ["n", 'mean "x"'], cluster="unit")
    assert list(found.columns[:2]) == ["n", 'mean "x"']
    assert found['mean "x"'].tolist() == [0, 1, 2, 0, 1, 2]


def test_groups_of_an_enum_keep_its_order(warehouse: Warehouse) -> None:
    warehouse(
        "create table visits as select (case when i < 4 then 'low' else 'high' end)"
        "::enum('low', 'high') as band, i as day, i % 2 = 0 as late from range(8) as r(i)"
    )
    found = analysis.rates("visits", "late", "band", cluster="day")
    assert found.band.tolist() == ["low", "high"]
    assert found.band.cat.ordered
