"""Segments that stand out, corrected for having looked at many."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr

from analysis.experiments.metrics.predictions import Floats
from analysis.monitoring.estimating.blocks import enough


def part_tests(observed: Floats, expected: Floats, whole: float) -> Floats:
    """Give the p, two-sided, of a part having ``whole`` as its ratio of observed by expected.

    Sums are (days, parts). What was observed less what the ratio of the whole lets expect is summed
    by day; days are blocks, so that this has the variance of sums of independent values (Cochran
    1977, section 6.3, of the ratio estimator). NaN with less than five days of the part.
    """
    left = observed - whole * expected
    there = expected > 0
    days = there.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = left.sum(axis=0) / days
        around = np.where(there, left - mean, 0.0)
        error = np.sqrt((around**2).sum(axis=0) * days / (days - 1))
        t = left.sum(axis=0) / error
        p = 2 * stdtr(np.maximum(days - 1, 1), -np.abs(t))
    few = ~np.array([enough(int(count)) for count in days], bool)
    return np.asarray(np.where(few | (error <= 0), np.nan, p), np.float64)


def holm(p: Floats) -> Floats:
    """Correct for many looks (Holm 1979): small ones are wrong in one of all with that chance.

    It holds however the tests depend on each other. NaN are none of them.
    """
    found = np.full(len(p), np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    stepped = p[order] * (len(order) - np.arange(len(order)))
    found[order] = np.minimum(1.0, np.maximum.accumulate(stepped))
    return found
