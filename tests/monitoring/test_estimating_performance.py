"""Metrics from sums by day equal scikit-learn's of the rows; intervals cover what is true."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn import metrics

from analysis.monitoring.estimating.blocks import widening
from analysis.monitoring.estimating.daily import Daily
from analysis.monitoring.estimating.parts import part_intervals
from analysis.monitoring.estimating.performance import intervals, values
from analysis.monitoring.estimating.ratios import OBSERVED_EXPECTED
from tests.monitoring.daily_rows import Rows, daily, random_rows


@pytest.mark.parametrize("seed", range(3))
def test_all_metrics_are_those_of_the_rows(seed: int) -> None:
    rows = random_rows(seed)
    found = values(daily(rows))
    p, y, said = rows.score, rows.label, rows.score >= 0.5

    assert found == pytest.approx(
        {
            "base_rate": y.mean(),
            "accuracy": metrics.accuracy_score(y, said),
            "recall": metrics.recall_score(y, said),
            "precision": metrics.precision_score(y, said),
            "brier": metrics.brier_score_loss(y, p),
            "log_loss": metrics.log_loss(y, p),
            "observed_expected": y.sum() / p.sum(),
            "auc": metrics.roc_auc_score(y, p),
            "average_precision": metrics.average_precision_score(y, p),
            "calibration_slope": _fitted(p, y)[1],
            "calibration_intercept": _fitted(p, y, 1.0)[0],
            "bias": (p - y).mean(),
        },
        rel=1e-4,
    )


def _fitted(p: np.ndarray, y: np.ndarray, slope: float | None = None) -> np.ndarray:
    logit = np.log(p / (1 - p))

    def loss(at: np.ndarray) -> float:
        z = at[0] + (at[1] if slope is None else slope) * logit
        return float(np.logaddexp(0, z).sum() - (y * z).sum())

    return np.asarray(minimize(loss, [0.0, 1.0][: 1 if slope else 2], tol=1e-10).x)


def test_metrics_of_numbers() -> None:
    generator = np.random.default_rng(5)
    truth, said = generator.normal(size=(2, 20, 30))
    sums = {
        "rows": np.full(20, 30.0),
        "labelled": np.full(20, 30.0),
        "label": truth.sum(1),
        "expected": said.sum(1),
        "absolute": np.abs(said - truth).sum(1),
        "squared": ((said - truth) ** 2).sum(1),
    }
    found = values(Daily(sums))

    flat = truth.ravel(), said.ravel()
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(*flat))
    assert found["rmse"] == pytest.approx(metrics.root_mean_squared_error(*flat))
    assert found["bias"] == pytest.approx((said - truth).mean())
    assert set(intervals(Daily(sums))) >= {"mae", "rmse", "bias"}


def test_an_interval_is_what_a_bootstrap_of_the_rows_gives() -> None:
    rows = random_rows(11)
    ends = intervals(daily(rows))["auc"]

    generator = np.random.default_rng(3)
    by_day = [np.flatnonzero(rows.day == day) for day in range(30)]
    drawn = []
    for _ in range(400):
        taken = np.concatenate([by_day[day] for day in generator.integers(0, 30, 30)])
        drawn.append(metrics.roc_auc_score(rows.label[taken], rows.score[taken]))
    point = metrics.roc_auc_score(rows.label, rows.score)
    expected = point + widening(30) * (np.percentile(drawn, [2.5, 97.5]) - point)
    assert ends == pytest.approx(tuple(expected), abs=0.006)


@pytest.mark.parametrize("days", [7, 30])
def test_intervals_cover_the_truth_in_about_95_of_100_periods(days: int) -> None:
    truth = values(daily(random_rows(10_000, days=2000, each=40)))
    looked = ("observed_expected", "brier", "auc", "calibration_slope")
    inside = dict.fromkeys(looked, 0)
    periods = 100
    for seed in range(periods):
        found = intervals(daily(random_rows(seed, days=days, each=40)))
        for name in looked:
            inside[name] += found[name][0] <= truth[name] <= found[name][1]

    for name, count in inside.items():
        assert 0.88 <= count / periods <= 1, name


def test_less_than_five_days_have_no_interval() -> None:
    assert intervals(daily(random_rows(1, days=4))) == {}
    assert intervals(daily(random_rows(1, days=5)))


def test_a_day_without_labels_is_no_block() -> None:
    rows = random_rows(1, days=4)
    assert intervals(daily(rows, days=30)) == {}


def test_one_class_leaves_what_is_not_defined_out() -> None:
    rows = random_rows(1)
    found = intervals(daily(Rows(rows.day, rows.score, np.zeros(len(rows.day)))))

    assert {"auc", "recall", "calibration_slope", "average_precision"}.isdisjoint(found)
    assert found["base_rate"] == (0.0, 0.0)


def test_no_row_at_all_gives_nothing() -> None:
    empty = Daily({name: np.zeros(0) for name in ("rows", "labelled", "label", "expected")})
    assert values(empty) == {}
    assert intervals(empty) == {}


def test_parts_have_intervals_of_their_own_and_the_rare_ones_none() -> None:
    sums = daily(random_rows(2)).sums
    rare = np.arange(30) < 4
    parts = {
        name: np.stack([sums[name], sums[name] * rare], axis=1)
        for name in ("labelled", "label", "expected")
    }
    low, high = part_intervals(OBSERVED_EXPECTED, parts)

    assert (low[0], high[0]) == pytest.approx(intervals(daily(random_rows(2)))["observed_expected"])
    assert np.isnan(low[1])
    assert np.isnan(high[1])
