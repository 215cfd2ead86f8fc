"""Many differences at once: with enough of them, one is far off by chance."""

from __future__ import annotations

import numpy as np

from analysis.experiments.metrics.predictions import Floats

_LEVEL = 0.05


def simultaneous_limits(drawn: Floats) -> Floats:
    """Say how far from nought differences may be by chance, all of them together.

    ``drawn`` are differences as (draws, runs, metrics). The limit of a run is its standard error
    times the size that the largest of all runs' studentized differences exceeds in one draw of
    twenty: the max-t of Romano and Wolf (2005), in one step. Runs that are alike, as those of a
    grid, are drawn alike, and so cost less than as many that have nothing in common. Gives (runs,
    metrics), NaN where nothing was drawn.
    """
    with np.errstate(all="ignore"):
        defined = np.isfinite(drawn)
        count = defined.sum(axis=0)
        centre = np.where(defined, drawn, 0).sum(axis=0) / count
        off = np.where(defined, drawn - centre, 0)
        error = np.sqrt((off**2).sum(axis=0) / (count - 1))
        largest = np.nanmax(np.where(error > 0, np.abs(off) / error, 0), axis=1)
        factor = np.quantile(largest, 1 - _LEVEL, axis=0)
        return np.asarray(np.where(count > 1, error * factor, np.nan), np.float64)
