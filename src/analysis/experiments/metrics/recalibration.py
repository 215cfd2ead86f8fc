"""Calibration by logistic recalibration, for many weightings of the same rows at once.

Cox (1958), "Two further applications of a model for binary regression"; terms as in Van Calster
et al. (2019), "Calibration: the Achilles heel of predictive analytics": the slope is that of a
logistic regression on the logit of the probability, best at 1; the intercept is that of one whose
slope is held at 1 (calibration in the large), best at 0.
"""

from __future__ import annotations

import numpy as np

from analysis.experiments.metrics.predictions import Floats

# Probabilities are kept this far off 0 and 1, whose logits are infinite.
_EDGE = 1e-6
_ROUNDS = 100
_LONGEST = 3.0
# Logits that are closer than this are the same but for rounding.
_SAME = 1e-9


def logit(probability: Floats) -> Floats:
    """Give the logarithm of the odds."""
    kept = np.clip(probability, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(kept) - np.log1p(-kept), np.float64)


def intercept(at: Floats, positive: Floats, negative: Floats) -> Floats:
    """Give the intercept, the slope held at 1; NaN where there is one class only.

    ``at`` are logits, along the last axis; ``positive`` and ``negative`` are weights of the rows
    there, whose first axes are weightings.
    """
    weight = positive + negative
    hits, total = positive.sum(axis=-1), weight.sum(axis=-1)
    defined = (hits > 0) & (hits < total)
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(defined, np.log(hits) - np.log(total - hits), 0.0)
    # The answer lies between these, as all rows lie between the least and the largest logit.
    low, high = base - at.max(axis=-1), base - at.min(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.nan_to_num(base - (weight * at).sum(axis=-1) / total)
    for _ in range(_ROUNDS):
        share = _logistic(found[..., None] + at)
        excess = (weight * share).sum(axis=-1) - hits
        steep = (weight * share * (1 - share)).sum(axis=-1)
        low, high = np.where(excess < 0, found, low), np.where(excess >= 0, found, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = found - excess / steep
        inside = (step >= low) & (step <= high)
        new = np.where(inside, step, (low + high) / 2)
        moved = np.abs(new - found)[defined]
        found = new
        if not moved.size or moved.max() < 1e-10:
            break
    return np.where(defined, found, np.nan)


def slope(at: Floats, positive: Floats, negative: Floats) -> Floats:
    """Give the slope; NaN where classes do not overlap along the logits, or all are the same.

    Parameters as of ``intercept``.
    """
    shape = np.broadcast_shapes(at.shape, positive.shape, negative.shape)
    at, positive, negative = (
        np.broadcast_to(part, shape).reshape(-1, shape[-1]) for part in (at, positive, negative)
    )
    found = np.full(len(positive), np.nan)
    defined = _overlap(at, positive, negative)
    if defined.any():
        found[defined] = _newton(at[defined], positive[defined], negative[defined])
    return found.reshape(shape[:-1])


def _newton(at: Floats, positive: Floats, negative: Floats) -> Floats:
    weight = positive + negative
    total = weight.sum(axis=-1, keepdims=True)
    centre = (weight * at).sum(axis=-1, keepdims=True) / total
    spread = np.sqrt((weight * (at - centre) ** 2).sum(axis=-1, keepdims=True) / total)
    x = (at - centre) / spread
    hits = positive.sum(axis=-1)
    a = np.log(hits) - np.log(total[:, 0] - hits)
    b = np.zeros_like(a)
    for _ in range(_ROUNDS):
        share = _logistic(a[:, None] + b[:, None] * x)
        left = positive - weight * share
        curved = weight * share * (1 - share)
        wx = curved * x
        g0, g1 = left.sum(axis=-1), (left * x).sum(axis=-1)
        h00, h01, h11 = curved.sum(axis=-1), wx.sum(axis=-1), (wx * x).sum(axis=-1)
        scale = h00 * h11 - h01**2
        with np.errstate(divide="ignore", invalid="ignore"):
            da, db = (h11 * g0 - h01 * g1) / scale, (h00 * g1 - h01 * g0) / scale
            size = np.hypot(da, db)
            shorter = np.where(size > _LONGEST, _LONGEST / size, 1.0)
        a, b = a + shorter * da, b + shorter * db
        if not np.nanmax(size, initial=0.0) > 1e-10:
            break
    settled = size <= 1e-6 * np.maximum(1.0, np.abs(b))
    return np.where(settled, b / spread[:, 0], np.nan)


def _overlap(at: Floats, positive: Floats, negative: Floats) -> np.ndarray:
    """Say where a finite slope exists: neither class lies all on one side of the other."""
    first, last = [], []
    for weight in (positive, negative):
        first.append(np.where(weight > 0, at, np.inf).min(axis=-1))
        last.append(np.where(weight > 0, at, -np.inf).max(axis=-1))
    spread = np.maximum(*last) - np.minimum(*first)
    return np.asarray((first[0] < last[1]) & (first[1] < last[0]) & (spread > _SAME))


def _logistic(value: Floats) -> Floats:
    # Half of a hyperbolic tangent: one call, and never an overflow.
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * value), np.float64)
