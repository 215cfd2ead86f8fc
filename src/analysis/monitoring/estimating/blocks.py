"""Draws of days, and intervals of 95 % from them.

Rows of a day are alike: the weather, a strike, a sale. So days are drawn, and not rows (Efron 1979;
Davison and Hinkley 1997, chapter 3.8). Percentiles of few draws are too narrow; they are
widened by what Student's t with as many days asks for (Hesterberg 2015, "What teachers should know
about the bootstrap", section 5).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

from analysis.experiments.metrics.draws import FEWEST, draw
from analysis.experiments.metrics.intervals import drawn_intervals
from analysis.experiments.metrics.predictions import Floats

DRAWS = 400
TOO_FEW = f"less than {FEWEST} days with labels: no interval"
_Z = 1.959964


@lru_cache(maxsize=512)
def weights(days: int) -> Floats:
    """Give how often each day was drawn, as (draws, days); the same ones for as many days."""
    return np.concatenate(list(draw(days, DRAWS, 0))).astype(np.float64)


def enough(days: int) -> bool:
    """Say whether there are days enough for an interval."""
    return days >= FEWEST


def widening(days: int) -> float:
    """Say how much wider an interval is than its percentiles say, from so many days."""
    return student(days) * float(np.sqrt(days / (days - 1)))


def student(days: int) -> float:
    """Say how much wider Student's t is than the normal, with a standard error of so many days."""
    return float(stdtrit(days - 1, 0.975)) / _Z


def spread(
    values: Floats, replicates: Floats, days: int, least: float = -np.inf, most: float = np.inf
) -> tuple[Floats, Floats]:
    """Give the ends of intervals around ``values`` from replicates (draws first), within limits."""
    low, high = drawn_intervals(replicates)
    factor = widening(days)
    low = np.clip(values - factor * (values - low), least, most)
    high = np.clip(values + factor * (high - values), least, most)
    return np.fmin(low, values), np.fmax(high, values)
