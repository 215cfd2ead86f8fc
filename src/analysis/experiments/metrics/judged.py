"""The metrics of a run, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.experiments.metrics.intervals import drawn_interval, fold_interval
from analysis.experiments.metrics.metric import Metric
from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.metrics.values import Values
from analysis.experiments.runs.record import MetricValue


def judge(
    metrics: Sequence[Metric],
    values: Values,
    sizes: Sequence[tuple[int, int]],
    replicates: Floats,
    *,
    whole: bool = False,
) -> tuple[MetricValue, ...]:
    """Give each metric's mean over the folds in which it is defined, with two intervals.

    ``values`` are those of ``fold_values``; ``sizes`` the rows of each fold to train and to test
    on; ``replicates`` those of the bootstrap, a column for each metric. ``whole``: a metric that is
    not defined in a fold of several rows is not defined at all. It is so in a regression, where
    that is the candidate's doing, such as a negative number of which there is no logarithm: the
    mean of its other folds would flatter it.
    """
    share = share_tested(sizes)
    several = np.array([test > 1 for _, test in sizes], bool)

    def of(metric: Metric) -> Floats:
        found = np.array(values[metric.name], np.float64)
        lacks = whole and bool(np.isnan(found[several]).any())
        return np.full_like(found, np.nan) if lacks else found

    return tuple(
        _judged(metric, of(metric), share, replicates[:, column])
        for column, metric in enumerate(metrics)
    )


def share_tested(sizes: Sequence[tuple[int, int]]) -> float:
    """Give rows to test on by rows to train on, over the folds."""
    train, test = (sum(counts) for counts in zip(*sizes, strict=True)) if sizes else (0, 0)
    return test / train if train else 0.0


def _judged(metric: Metric, values: Floats, share: float, drawn: Floats) -> MetricValue:
    defined = values[np.isfinite(values)]
    mean = float(defined.mean()) if len(defined) else None
    low, high = (drawn_interval(drawn) if mean is not None else None) or (None, None)
    fold_low, fold_high = fold_interval(defined, share) or (None, None)
    return MetricValue(metric.name, mean, low, high, fold_low, fold_high, metric.best)
