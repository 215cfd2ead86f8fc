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
) -> tuple[MetricValue, ...]:
    """Give each metric's mean over the folds in which it is defined, with two intervals.

    ``values`` are those of ``fold_values``; ``sizes`` the rows of each fold to train and to test
    on; ``replicates`` those of the bootstrap, a column for each metric.
    """
    share = share_tested(sizes)
    return tuple(
        _judged(metric, np.array(values[metric.name], np.float64), share, replicates[:, column])
        for column, metric in enumerate(metrics)
    )


def share_tested(sizes: Sequence[tuple[int, int]]) -> float:
    """Give rows to test on by rows to train on, over the folds."""
    train, test = (sum(counts) for counts in zip(*sizes, strict=True)) if sizes else (0, 0)
    return test / train if train else 0.0


def _judged(metric: Metric, values: Floats, share: float, drawn: Floats) -> MetricValue:
    defined = values[np.isfinite(values)]
    mean = float(defined.mean()) if len(defined) else None
    low, high = drawn_interval(drawn) or (None, None)
    fold_low, fold_high = fold_interval(defined, share) or (None, None)
    return MetricValue(metric.name, mean, low, high, fold_low, fold_high, metric.best)
