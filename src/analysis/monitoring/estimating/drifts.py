"""How far apart two distributions over the same bins are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import xlogy

from analysis.experiments.metrics.predictions import Floats

# Bins without rows are taken to have this share of them: their logarithm is infinite.
LEAST_SHARE = 1e-4
Drift = Callable[[Floats, Floats], Floats]


def shares(counts: Floats) -> Floats:
    """Give shares along the last axis; NaN where nothing was counted."""
    total = counts.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(counts / total, np.float64)


def psi(counts: Floats, reference: Floats) -> Floats:
    """Give the population stability index (Siddiqi 2006, "Credit Risk Scorecards", chapter 8)."""
    p, q = (np.maximum(shares(values), LEAST_SHARE) for values in (counts, reference))
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=-1), np.float64)


def jensen_shannon(counts: Floats, reference: Floats) -> Floats:
    """Give the distance to base 2, from 0 to 1 (Lin 1991; its root, Endres and Schindelin 2003)."""
    p, q = shares(counts), shares(reference)
    middle = (p + q) / 2

    def information(values: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(values == 0, 1.0, values / middle)
        return np.asarray(xlogy(values, relative).sum(axis=-1), np.float64)

    both = (information(p) + information(q)) / 2 / np.log(2)
    return np.asarray(np.sqrt(np.maximum(both, 0.0)), np.float64)


def linf(counts: Floats, reference: Floats) -> Floats:
    """Give the largest difference of shares."""
    return np.asarray(np.abs(shares(counts) - shares(reference)).max(axis=-1), np.float64)


def chi2(counts: Floats, reference: Floats) -> Floats:
    """Give Cramér's V of the shares of both, which weigh the same (Cramér 1946, p. 282)."""
    p, q = np.broadcast_arrays(shares(counts), shares(reference))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(p + q == 0, 0.0, (p - q) ** 2 / (p + q))
    return np.asarray(np.sqrt(apart.sum(axis=-1) / 2), np.float64)


DRIFTS: Mapping[str, Drift] = {
    "psi": psi,
    "jensen_shannon": jensen_shannon,
    "linf": linf,
    "chi2": chi2,
}


def wasserstein(counts: Floats, at: Floats, reference: Floats, at_reference: Floats) -> Floats:
    """Give the distance of rows that lie ``at`` from those that lie ``at_reference``, in its units.

    All are along the last axis. Where there are no rows it does not matter where they would lie.
    """
    parts = np.broadcast_arrays(shares(counts), -shares(reference), at, at_reference)
    mass = np.concatenate(parts[:2], axis=-1)
    place = np.concatenate(parts[2:], axis=-1)
    place = np.where(mass == 0, np.nanmin(place, axis=-1, keepdims=True), place)
    order = np.argsort(place, axis=-1, kind="stable")
    place, mass = (np.take_along_axis(values, order, axis=-1) for values in (place, mass))
    apart = np.abs(np.cumsum(mass, axis=-1)[..., :-1])
    return np.asarray((apart * np.diff(place, axis=-1)).sum(axis=-1), np.float64)
