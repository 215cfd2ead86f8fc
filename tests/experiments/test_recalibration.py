"""Slope and intercept of calibration are those of a logistic regression, wherever there is one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.metrics.recalibration import intercept, logit, slope


def _fitted(at: Floats, positive: Floats, negative: Floats) -> float:
    """Fit a logistic regression by another method."""

    def loss(parameters: Floats) -> float:
        line = parameters[0] + parameters[1] * (at - at.mean())
        return float(positive @ np.logaddexp(0, -line) + negative @ np.logaddexp(0, line))

    best = minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    return float(best.x[1])


@pytest.mark.parametrize("seed", range(6))
def test_many_weightings_at_once(seed: int) -> None:
    """Each weighting is as if it were alone."""
    draw = np.random.default_rng(seed)
    at = np.sort(draw.normal(-1, 2, 25))
    positive, negative = draw.poisson(1.2, (2, 7, 25)).astype(float)
    slopes, intercepts = slope(at, positive, negative), intercept(at, positive, negative)
    for row in range(7):
        assert slopes[row] == pytest.approx(_fitted(at, positive[row], negative[row]), abs=1e-5)
        weight = positive[row] + negative[row]
        expected = weight @ (1 / (1 + np.exp(-(intercepts[row] + at))))
        assert expected == pytest.approx(positive[row].sum())


def test_what_is_known() -> None:
    """Two groups have a line through both: its slope is the quotient of the differences."""
    at = logit(np.array([0.2, 0.8]))
    positive, negative = np.array([30.0, 60.0]), np.array([70.0, 40.0])
    observed = logit(np.array([0.3, 0.6]))
    expected = (observed[1] - observed[0]) / (at[1] - at[0])
    assert slope(at, positive, negative) == pytest.approx(expected)
    # Half of all rows are positive, and the two groups lie alike around a half.
    assert intercept(at, np.array([50.0, 50.0]), np.array([50.0, 50.0])) == pytest.approx(0)


@pytest.mark.parametrize(
    ("chance", "positive", "negative"),
    [
        ([0.5, 0.5], [3, 1], [2, 2]),
        ([0.3, 0.1 + 0.2], [3, 1], [2, 2]),
        ([0.2, 0.8], [0, 5], [5, 0]),
        ([0.2, 0.5, 0.8], [0, 2, 5], [5, 3, 0]),
        ([0.2, 0.8], [5, 0], [0, 5]),
        ([0.2, 0.8], [5, 5], [0, 0]),
        ([0.2, 0.8], [0, 0], [5, 5]),
    ],
)
def test_no_slope(chance: list[float], positive: list[float], negative: list[float]) -> None:
    """There is none of constant probabilities, of classes apart, of one class."""
    found = slope(logit(np.array(chance)), np.array(positive, float), np.array(negative, float))
    assert np.isnan(found)


def test_no_intercept() -> None:
    """There is none of one class; of constant probabilities there is."""
    at = np.zeros(2)
    found = intercept(at, np.array([[5.0, 0], [2, 1]]), np.array([[0.0, 0], [3, 3]]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(np.log(3 / 6))


@pytest.mark.parametrize("seed", range(20))
def test_extreme_probabilities(seed: int) -> None:
    """Rows that were called impossible and came stop nothing: the slope has no gradient left."""
    draw = np.random.default_rng(seed)
    chance = np.round(draw.beta(0.1, 0.1, 60), draw.integers(0, 3))
    hit = (draw.random(60) < 0.7 * chance + 0.15).astype(float)
    at = logit(chance)
    found = slope(at, hit, 1 - hit)
    assert np.isfinite(found)
    share = hit.mean()
    line = at - at.mean()
    start = np.log(share / (1 - share))
    # The likelihood is concave: where its gradient vanishes, there is the one maximum.
    low, high = start - 30, start + 30
    for _ in range(200):
        middle = (low + high) / 2
        over = (1 / (1 + np.exp(-(middle + found * line)))).sum() > hit.sum()
        low, high = (low, middle) if over else (middle, high)
    left = hit - 1 / (1 + np.exp(-(low + found * line)))
    assert abs(left @ line) < 1e-6
    moved = intercept(at, hit, 1 - hit)
    assert (1 / (1 + np.exp(-(moved + at)))).sum() == pytest.approx(hit.sum())
