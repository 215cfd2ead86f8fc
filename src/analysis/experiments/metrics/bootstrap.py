"""Metrics in draws of blocks with replacement.

Rows of one block, such as a day, are not independent; so blocks are drawn and not rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.experiments.metrics import confusions, means, ranks
from analysis.experiments.metrics.draws import FEWEST, draw
from analysis.experiments.metrics.means import Redrawn
from analysis.experiments.metrics.metric import Metric
from analysis.experiments.metrics.predictions import Floats, Predictions
from analysis.experiments.metrics.totals import Drawn, Tables
from analysis.experiments.metrics.values import Values, fold_values


def replicates(
    metrics: Sequence[Metric],
    predictions: Predictions,
    draws: int,
    seed: int,
    values: Values | None = None,
) -> Floats:
    """Give the mean over folds of each metric (columns) in each draw of blocks (rows).

    Folds in which a metric is not defined are left out; where one of the others is not defined in
    a draw, that is NaN, as are all draws of less than five blocks. ``values`` are those of
    ``fold_values``, where they are known already.
    """
    if predictions.blocks < FEWEST:
        return np.full((draws, len(metrics)), np.nan)
    values = values or fold_values(metrics, predictions)
    tables = Tables(predictions)
    measures = [_redrawn(metric.name, tables) for metric in metrics]
    exact = [np.array(values[metric.name], np.float64) for metric in metrics]
    once = Drawn(np.ones((1, predictions.blocks), np.int64))
    shifts = [_shift(of, measure(once)[0]) for of, measure in zip(exact, measures, strict=True)]
    found = [np.empty((0, len(metrics)))]
    for weights in draw(predictions.blocks, draws, seed):
        drawn = Drawn(weights)
        columns = [
            _mean(measure(drawn) + shift, of)
            for measure, shift, of in zip(measures, shifts, exact, strict=True)
        ]
        found.append(np.stack(columns, axis=-1))
    return np.concatenate(found)


def _redrawn(name: str, tables: Tables) -> Redrawn:
    kinds = (means.redrawn, ranks.redrawn, confusions.redrawn)
    if measure := next(filter(None, (kind(name, tables) for kind in kinds)), None):
        return measure
    from analysis.experiments.metrics.rescored import rescored

    return rescored(name, tables.predictions)


def _shift(exact: Floats, binned: Floats) -> Floats:
    """Say what bins are off in each fold; 0 where either is not defined."""
    return np.nan_to_num(exact - binned, nan=0.0)


def _mean(by_fold: Floats, exact: Floats) -> Floats:
    defined = np.isfinite(exact)
    if not defined.any():
        return np.full(len(by_fold), np.nan)
    return np.asarray(by_fold[:, defined].mean(axis=1), np.float64)
