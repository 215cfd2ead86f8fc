"""Metrics of a period, and their intervals, from sums by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from analysis.experiments.metrics import recalibration
from analysis.experiments.metrics.means import ratio
from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.metrics.ranks import average_precision, roc_auc
from analysis.monitoring.estimating.blocks import enough, spread, weights
from analysis.monitoring.estimating.daily import Daily, Scores
from analysis.monitoring.estimating.ratios import RATIOS

Interval = tuple[float, float]
# Draws see the score in this many steps.
_STEPS = 60
_LIMITS = {"auc": (0.0, 1.0), "average_precision": (0.0, 1.0)}


def values(daily: Daily) -> Mapping[str, float]:
    """Give all metrics that are defined, by name."""
    once = np.ones((1, daily.days))
    found = {name: float(value[0]) for name, value in redrawn(daily, once).items()}
    return {name: value for name, value in found.items() if np.isfinite(value)}


def intervals(daily: Daily) -> Mapping[str, Interval]:
    """Give the interval of each metric that has one; none from less than five days."""
    known = daily.labelled
    if not enough(known.days):
        return {}
    drawn = redrawn(known, weights(known.days))
    found = values(known)
    return {
        name: ends
        for name, value in found.items()
        if (ends := _ends(name, value, drawn[name], known.days)) is not None
    }


def redrawn(daily: Daily, weighted: Floats) -> Mapping[str, Floats]:
    """Give each metric in each draw; ``weighted`` says how often it has a day: (draws, days)."""
    sums = {name: weighted @ values for name, values in daily.sums.items()}
    known = {
        name: metric.of(sums)
        for name, metric in RATIOS.items()
        if metric.above in sums and metric.below in sums
    }
    return {**known, **(_ranked(daily.scores, weighted) if daily.scores else {})}


def _ranked(scores: Scores, weighted: Floats) -> Mapping[str, Floats]:
    """Give what follows from the order of scores; many draws see them in steps.

    That shifts them all by about as much as it shifts the value of all rows, which is taken out.
    """
    thin = scores.thinned(_STEPS) if len(weighted) > 1 else scores
    found = _exactly(thin, weighted)
    if thin is scores:
        return found
    once = np.ones((1, weighted.shape[1]))
    exact, rough = _exactly(scores, once), _exactly(thin, once)
    return {name: values + (exact[name] - rough[name]) for name, values in found.items()}


def _exactly(scores: Scores, weighted: Floats) -> Mapping[str, Floats]:
    counts = _classes(scores, weighted)
    at = logits(scores.expected, scores.labelled)
    return {
        "auc": roc_auc(*counts),
        "average_precision": average_precision(*counts),
        "calibration_slope": _fitted(recalibration.slope, at, counts),
        "calibration_intercept": _fitted(recalibration.intercept, at, counts),
    }


def _classes(scores: Scores, weighted: Floats) -> tuple[Floats, Floats]:
    positive = weighted @ scores.positive
    return positive, weighted @ scores.labelled - positive


def logits(expected: Floats, labelled: Floats) -> Floats:
    """Give the logit of the mean score in each cell; cells of no label are like the first."""
    mean = ratio(expected.sum(axis=0), labelled.sum(axis=0))
    known = mean[np.isfinite(mean)]
    first = known[0] if len(known) else 0.5
    return recalibration.logit(np.where(np.isfinite(mean), mean, first))


def _fitted(
    fit: Callable[[Floats, Floats, Floats], Floats], at: Floats, counts: tuple[Floats, Floats]
) -> Floats:
    if not len(at):
        return np.full(len(counts[0]), np.nan)
    return np.asarray(fit(at, *counts), np.float64)


def _ends(name: str, value: float, replicates: Floats, days: int) -> Interval | None:
    metric = RATIOS.get(name)
    least, most = (metric.least, metric.most) if metric else _LIMITS.get(name, (-np.inf, np.inf))
    low, high = spread(np.array(value), replicates, days, least, most)
    return (float(low), float(high)) if np.isfinite(low) and np.isfinite(high) else None
