"""Intervals of ratios of many parts at once: of bins of the score, and of parts of segments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.experiments.metrics.predictions import Floats
from analysis.monitoring.estimating.blocks import enough, spread, weights
from analysis.monitoring.estimating.ratios import Ratio


def part_intervals(metric: Ratio, sums: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Give the ends for each part; NaN where there is none.

    ``sums`` are by the names that the ratio takes, each as (days, parts). Days are those on which
    any part has labels; a part that has them on less than five days has no interval.
    """
    known = sums["labelled"] > 0
    days = known.any(axis=1)
    parts = known.shape[1]
    if not enough(int(days.sum())):
        return np.full(parts, np.nan), np.full(parts, np.nan)
    kept = {name: values[days] for name, values in sums.items()}
    weighted = weights(int(days.sum()))
    point = metric.of({name: values.sum(axis=0) for name, values in kept.items()})
    replicates = metric.of({name: weighted @ values for name, values in kept.items()})
    low, high = spread(point, replicates, int(days.sum()), metric.least, metric.most)
    few = known.sum(axis=0) < 5
    return np.where(few, np.nan, low), np.where(few, np.nan, high)
