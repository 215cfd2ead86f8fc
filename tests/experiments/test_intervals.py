"""Intervals and tests agree with scipy, with what was published, and with what was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from analysis.experiments.metrics.bootstrap import replicates
from analysis.experiments.metrics.intervals import (
    corrected_t_tests,
    drawn_interval,
    drawn_intervals,
    fold_interval,
)
from analysis.experiments.metrics.judged import judge, share_tested
from analysis.experiments.metrics.metric import Metric
from analysis.experiments.metrics.predictions import Predictions
from analysis.experiments.metrics.values import fold_values
from tests.experiments.predicted import Shape, found, made_up

DIFFERENCES = np.array([0.02, 0.03, 0.01, 0.04, 0.02])


def test_by_hand() -> None:
    """Five folds of a fifth: (1/5 + 1/4) · 0.00013 has the root 0.0076485, so t is 3.1379."""
    p = corrected_t_tests(DIFFERENCES, 0.25)
    assert p == pytest.approx(2 * stats.t.sf(3.13786, 4), rel=1e-5)
    low, high = fold_interval(DIFFERENCES, 0.25) or (0.0, 0.0)
    assert (low + high) / 2 == pytest.approx(0.024)
    # A half width of 2.7764 such roots.
    assert high - 0.024 == pytest.approx(2.776445 * 0.00764853, rel=1e-5)


def test_as_published() -> None:
    """The comparison in scikit-learn's guide has t = 0.750, and p = 0.227 on one side."""
    x, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    split = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(SVC(kernel=kernel, random_state=0), x, y, scoring="roc_auc", cv=split)
        for kernel in ("rbf", "linear")
    )
    p = corrected_t_tests(rbf - linear, 10 / 90)
    assert float(p) / 2 == pytest.approx(0.227, abs=0.0005)


def test_without_correction_it_is_students() -> None:
    """Folds that shared no row would be tested as usual."""
    draw = np.random.default_rng(0)
    values = draw.normal(0.1, 1, (6, 3))
    expected = stats.ttest_1samp(values, 0).pvalue
    np.testing.assert_allclose(corrected_t_tests(values, 0.0), expected)
    np.testing.assert_allclose(corrected_t_tests(values.T, 0.0, axis=1), expected)


def test_differences_that_are_missing_or_the_same() -> None:
    """A fold without a value does not count; equal ones leave no doubt."""
    nan = np.nan
    cases = [
        ([0.0, 0.0, 0.0], 1.0),
        ([0.1, 0.1, 0.1], 0.0),
        ([0.1, nan, nan], nan),
        ([nan, nan, nan], nan),
        ([0.02, 0.03, nan], float(corrected_t_tests(DIFFERENCES[:2], 0.5))),
    ]
    got = corrected_t_tests(np.array([values for values, _ in cases]), 0.5, axis=1)
    np.testing.assert_allclose(got, [p for _, p in cases])
    assert fold_interval(np.array([0.5]), 0.25) is None


def test_percentiles_of_what_is_defined() -> None:
    """Half of the draws are enough; columns do not mix."""
    draw = np.random.default_rng(1)
    values = draw.normal(size=(200, 4))
    values[:99, 1] = np.nan
    values[:101, 2] = np.nan
    values[:, 3] = np.nan
    low, high = drawn_intervals(values)
    assert (low[0], high[0]) == tuple(np.percentile(values[:, 0], [2.5, 97.5]))
    assert (low[1], high[1]) == tuple(np.percentile(values[99:, 1], [2.5, 97.5]))
    assert np.isnan([low[2:], high[2:]]).all()
    assert drawn_interval(values[:, 0]) == (low[0], high[0])
    assert drawn_interval(values[:, 2]) is None
    assert drawn_interval(np.empty(0)) is None


def test_a_run_is_judged() -> None:
    """The value is the mean over folds; both intervals lie around it."""
    predictions = made_up("binary", Shape(rows=600))
    metrics = found("binary", "roc_auc", "brier")
    values = fold_values(metrics, predictions)
    drawn = replicates(metrics, predictions, 200, 1, values)
    judged = judge(metrics, values, [(400, 200)] * 3, drawn)
    assert [metric.name for metric in judged] == ["roc_auc", "brier"]
    for metric in judged:
        by_fold = values[metric.name]
        assert metric.value == pytest.approx(np.mean([v for v in by_fold if v is not None]))
        assert metric.low and metric.high and metric.low < metric.value < metric.high
        assert metric.fold_low and metric.fold_high
        assert metric.fold_low < metric.value < metric.fold_high


def test_folds_that_are_not_defined_are_left_out() -> None:
    """The mean is of the others; without any there is no value and no interval."""
    metrics = [Metric("a", "high"), Metric("b", "low")]
    values = {"a": (0.5, None, 0.7), "b": (None, None, None)}
    drawn = np.column_stack([np.linspace(0.5, 0.7, 101), np.full(101, np.nan)])
    first, second = judge(metrics, values, [(20, 10)] * 3, drawn)
    assert first.value == pytest.approx(0.6)
    assert (first.low, first.high) == (pytest.approx(0.505), pytest.approx(0.695))
    assert (second.value, second.low, second.high, second.fold_low) == (None,) * 4
    # In a regression that would leave out the rows that a candidate predicts worst.
    strict, _ = judge(metrics, values, [(20, 10)] * 3, drawn, whole=True)
    assert (strict.value, strict.low, strict.high, strict.fold_low) == (None,) * 4
    [strict, _] = judge(metrics, values, [(20, 10), (29, 1), (20, 10)], drawn, whole=True)
    assert strict.value == pytest.approx(0.6)
    assert share_tested([]) == 0.0
    assert share_tested([(30, 10), (10, 10)]) == 0.5


def _days(seed: int) -> Predictions:
    """Make up days on which all rows are likelier wrong or right together."""
    draw = np.random.default_rng(seed)
    day = np.repeat(np.arange(60), 25)
    right = draw.random(1500) < 1 / (1 + np.exp(-(0.8 + draw.normal(0, 1, 60)[day])))
    target = draw.integers(0, 2, 1500)
    label = np.where(right, target, 1 - target)
    return Predictions(target, day % 5 + 1, label, None, day, 60, 1, ("a", "b"), "binary")


def test_intervals_hold_the_truth_where_rows_of_a_day_are_alike() -> None:
    """Drawing days, about 95 of 100 intervals hold it; drawing rows far fewer do."""
    draw = np.random.default_rng(0)
    truth = float((1 / (1 + np.exp(-(0.8 + draw.normal(0, 1, 2_000_000))))).mean())
    metrics = found("binary", "accuracy")
    held = {"days": 0, "rows": 0}
    for seed in range(120):
        predictions = _days(seed)
        alone = Predictions(
            **{**vars(predictions), "block": np.arange(1500), "blocks": 1500},
        )
        for name, given in (("days", predictions), ("rows", alone)):
            interval = drawn_interval(replicates(metrics, given, 200, seed)[:, 0])
            assert interval is not None
            held[name] += interval[0] <= truth <= interval[1]
    assert held["days"] >= 0.88 * 120
    assert held["rows"] <= 0.75 * 120
