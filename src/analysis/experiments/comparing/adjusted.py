"""Tests of many candidates at once: with enough of them, one is far off by chance."""

from __future__ import annotations

import numpy as np

from analysis.experiments.metrics.predictions import Floats


def adjusted(p: Floats) -> Floats:
    """Adjust p of several tests, along the first axis, for their number.

    Benjamini and Hochberg (1995): of all that are below 0.05 then, one in twenty is wrong at most,
    on average. To rule out any error at all, as Holm (1979) does, would need smaller p than five
    folds can give: among 200 candidates not even a coin would be told from the best. NaN, a test
    that could not be made, does not count and stays.
    """
    order = np.argsort(p, axis=0, kind="stable")
    ordered = np.take_along_axis(p, order, axis=0)
    made = np.isfinite(p).sum(axis=0)
    place = np.arange(1, len(p) + 1).reshape(-1, *(1,) * (p.ndim - 1))
    # NaN stands last, and would go into all before it.
    raised = np.nan_to_num(ordered * made / place, nan=np.inf)
    least = np.minimum.accumulate(raised[::-1], axis=0)[::-1]
    found = np.empty_like(p)
    np.put_along_axis(found, order, np.minimum(least, 1.0), axis=0)
    return np.where(np.isfinite(p), found, np.nan)
