"""Estimates without labels are what calibrated scores give, with intervals that hold it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics

from analysis.monitoring.estimating.daily import Scores
from analysis.monitoring.estimating.unlabelled import (
    IF_CALIBRATED,
    estimate_intervals,
    estimates,
    from_counts,
)
from tests.monitoring.daily_rows import daily, random_rows


def _scores(seed: int, days: int = 30, wobble: float = 0.0, each: int = 60) -> Scores:
    scores = daily(random_rows(seed, days, each, wobble)).scores
    assert scores is not None
    return scores


def _unlabelled(scores: Scores) -> Scores:
    nothing = np.zeros_like(scores.rows)
    return replace(scores, labelled=nothing, expected=nothing, positive=nothing)


def _realized(scores: Scores) -> dict[str, float]:
    positive, rows = scores.positive.sum(0), scores.rows.sum(0)
    at = (np.arange(1000) + 0.5) / 1000
    return {k: float(v) for k, v in from_counts(at, positive, rows - positive, 0.5).items()}


def test_estimates_are_expectations_over_labels() -> None:
    rows = random_rows(4, each=20)
    found = estimates(_unlabelled(_scores(4, each=20)), 0.5)

    generator = np.random.default_rng(1)
    drawn: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(300):
        y = generator.random(len(rows.score)) < rows.score
        said = rows.score >= 0.5
        drawn["base_rate"].append(y.mean())
        drawn["accuracy"].append(metrics.accuracy_score(y, said))
        drawn["brier"].append(metrics.brier_score_loss(y, rows.score))
        drawn["log_loss"].append(metrics.log_loss(y, rows.score))
        drawn["recall"].append(metrics.recall_score(y, said))
        drawn["precision"].append(metrics.precision_score(y, said))
        drawn["auc"].append(metrics.roc_auc_score(y, rows.score))
    assert found == pytest.approx({k: np.mean(v) for k, v in drawn.items()}, abs=0.005)


def test_metrics_of_counts_are_those_of_rows() -> None:
    rows = random_rows(9)
    found = _realized(_scores(9, wobble=0.4))

    assert found["auc"] == pytest.approx(metrics.roc_auc_score(rows.label, rows.score))
    assert found["recall"] == pytest.approx(metrics.recall_score(rows.label, rows.score >= 0.5))


@pytest.mark.parametrize("wobble", [0.0, 0.6])
def test_what_comes_true_is_inside_in_about_95_of_100_periods(wobble: float) -> None:
    training = _scores(999, days=180, wobble=wobble)
    inside = {"base_rate": 0, "brier": 0, "auc": 0}
    for seed in range(120):
        period = _scores(seed, wobble=wobble)
        found, note = estimate_intervals(_unlabelled(period), training, 0.5, 30)
        assert note is None
        for name, truth in _realized(period).items():
            if name in inside:
                inside[name] += found[name][0] <= truth <= found[name][1]
    for name, count in inside.items():
        assert count / 120 >= 0.8, name


def test_a_model_whose_calibration_moved_in_training_is_trusted_less() -> None:
    period = _unlabelled(_scores(1))
    steady, moving = (
        estimate_intervals(period, _scores(999, 180, wobble), 0.5, 30)[0]["base_rate"]
        for wobble in (0.0, 0.8)
    )
    assert moving[1] - moving[0] > 1.5 * (steady[1] - steady[0])


def test_without_training_labels_the_interval_is_what_calibrated_scores_give() -> None:
    period = _unlabelled(_scores(1))
    found, note = estimate_intervals(period, None, 0.5, 30)

    p = random_rows(1, wobble=0).score
    half = 1.96 * np.sqrt((p * (1 - p)).sum()) / len(p)
    assert note == IF_CALIBRATED
    assert found["base_rate"] == pytest.approx((p.mean() - half, p.mean() + half), abs=0.004)
    assert estimate_intervals(period, _unlabelled(_scores(2)), 0.5, 30)[1] == IF_CALIBRATED
