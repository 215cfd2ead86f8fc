"""Intervals of 95 %, from draws of blocks and from folds, and the test that goes with the latter.

Nadeau and Bengio (2003), "Inference for the generalization error": values of folds are not
independent, as folds share rows to train on; so the variance of their mean is taken as
(1/J + n_test/n_train) times that of the values, and not as 1/J times it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.experiments.metrics.predictions import Floats

Interval = tuple[float, float]
# An interval needs this share of the draws in which the metric was defined.
_ENOUGH = 0.5
_PERCENTILES = (2.5, 97.5)


def drawn_interval(replicates: Floats) -> Interval | None:
    """Give percentiles over the draws (Efron 1979); ``None`` if half of them are not defined."""
    low, high = drawn_intervals(replicates[:, None])
    return (float(low[0]), float(high[0])) if np.isfinite(low[0]) else None


def drawn_intervals(replicates: Floats) -> tuple[Floats, Floats]:
    """Give percentiles over draws (the first axis) of many columns; NaN where there is none."""
    shape = replicates.shape[1:]
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    if not len(replicates):
        return low, high
    defined = np.isfinite(replicates)
    enough = defined.mean(axis=0) >= _ENOUGH
    whole = enough & defined.all(axis=0)
    low[whole], high[whole] = np.percentile(replicates[:, whole], _PERCENTILES, axis=0)
    partly = enough & ~whole
    if partly.any():
        low[partly], high[partly] = np.nanpercentile(replicates[:, partly], _PERCENTILES, axis=0)
    return low, high


def fold_interval(values: Floats, test_share: float) -> Interval | None:
    """Give the mean of folds, less and plus what its corrected variance says.

    ``test_share`` are rows to test on by rows to train on. ``None`` with less than two folds.
    """
    if len(values) < 2:
        return None
    half = float(stdtrit(len(values) - 1, 0.975)) * _error(values, test_share)
    mean = float(values.mean())
    return mean - half, mean + half


def corrected_t_tests(differences: Floats, test_share: float, axis: int = 0) -> Floats:
    """Give the p of no difference, two-sided, from the differences in folds along ``axis``.

    NaN in a fold leaves it out; there is no p, but NaN, from less than two. Where all are the same,
    it is 1 if they are nought, else 0.
    """
    folds = np.isfinite(differences).sum(axis=axis)
    given = np.where(np.isfinite(differences), differences, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = given.sum(axis=axis) / folds
        around = np.where(np.isfinite(differences), differences - np.expand_dims(mean, axis), 0.0)
        variance = (around**2).sum(axis=axis) / (folds - 1)
        t = mean / np.sqrt((1 / folds + test_share) * variance)
        p = 2 * stdtr(folds - 1.0, -np.abs(t))
    same = variance <= (1e-14 * mean) ** 2
    p = np.where(same, (mean == 0).astype(np.float64), p)
    return np.asarray(np.where(folds >= 2, p, np.nan), np.float64)


def _error(values: Floats, test_share: float) -> float:
    return float(np.sqrt((1 / len(values) + test_share) * values.var(ddof=1)))
