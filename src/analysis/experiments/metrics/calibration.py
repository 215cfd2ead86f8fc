"""Whether what was predicted is what was observed, in bins of about as many rows."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis.experiments.metrics.draws import FEWEST, draw
from analysis.experiments.metrics.intervals import drawn_intervals
from analysis.experiments.metrics.predictions import Codes, Floats, Predictions
from analysis.experiments.runs.record import Curve

_BINS = 12
_DECILES = 10
_DRAWS = 300
_Z = 1.959964


def calibration(
    name: str, predicted: Floats, observed: Floats, predictions: Predictions, digits: int
) -> Curve:
    """Give mean predictions as x and what was observed as y, with intervals of 95 %.

    ``predicted`` and ``observed`` are of the rows that some fold predicted. Intervals are
    the wider of two: of what draws of blocks give, and of rows that were independent, which for
    shares is Wilson's (1927). Where each row is a block they would be the same.
    """
    numbers = predictions.task == "regression"
    place = _quantile_bins(predicted, _DECILES if numbers else _BINS)
    rows = np.bincount(place)
    x = np.bincount(place, predicted) / rows
    y = np.bincount(place, observed) / rows
    low, high = _drawn(place, observed, predictions)
    alone = _of_means(place, observed, y, rows) if numbers else _wilson(y, rows)
    low, high = np.fmin(low, alone[0]), np.fmax(high, alone[1])
    return Curve(
        "calibration",
        name,
        tuple(np.round(x, digits).tolist()),
        tuple(np.round(y, digits).tolist()),
        _rounded(low, digits),
        _rounded(high, digits),
        tuple(rows.tolist()),
    )


def _rounded(values: Floats, digits: int) -> tuple[float, ...]:
    return tuple(np.round(values, digits).tolist())


def _quantile_bins(predicted: Floats, most: int) -> Codes:
    """Put rows into at most so many bins; equal predictions share one, and none is empty."""
    values, place, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    bins = np.arange(len(values))
    if len(values) > most:
        bins = np.minimum((middle * most / counts.sum()).astype(np.int64), most - 1)
    return np.asarray(np.unique(bins, return_inverse=True)[1][place], np.int64)


def _drawn(place: Codes, observed: Floats, predictions: Predictions) -> tuple[Floats, Floats]:
    block = predictions.block[predictions.fold > 0]
    bins = int(place.max()) + 1
    if not FEWEST <= predictions.blocks < len(predictions.block):
        return np.full(bins, np.nan), np.full(bins, np.nan)
    shape = (bins, predictions.blocks)
    rows = sparse.coo_array((np.ones(len(place)), (place, block)), shape=shape).tocsr()
    sums = sparse.coo_array((observed, (place, block)), shape=shape).tocsr()
    found = []
    for weights in draw(predictions.blocks, _DRAWS, 0):
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(((sums @ weights.T.astype(float)) / (rows @ weights.T.astype(float))).T)
    return drawn_intervals(np.concatenate(found))


def _wilson(share: Floats, rows: Codes) -> tuple[Floats, Floats]:
    wide = 1 + _Z**2 / rows
    centre = (share + _Z**2 / (2 * rows)) / wide
    half = _Z * np.sqrt(share * (1 - share) / rows + _Z**2 / (4 * rows**2)) / wide
    return centre - half, centre + half


def _of_means(place: Codes, observed: Floats, mean: Floats, rows: Codes) -> tuple[Floats, Floats]:
    squares = np.bincount(place, (observed - mean[place]) ** 2)
    half = _Z * np.sqrt(squares / np.maximum(rows - 1, 1) / rows)
    return mean - half, mean + half
