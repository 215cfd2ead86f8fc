"""Metrics that follow from how often each class was taken for which, in draws of blocks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.experiments.metrics.means import Redrawn, ratio
from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.metrics.totals import Drawn, Tables


def redrawn(name: str, tables: Tables) -> Redrawn | None:
    """Give a function from draws to the metric in each draw and fold; ``None`` if it is another."""
    measure = _measure(name, tables.predictions.positive_code)
    if measure is None:
        return None
    p = tables.predictions
    classes = len(p.classes)
    cell = p.target.astype(np.int64) * classes + p.label.astype(np.int64)
    table = tables.once("confusions", lambda: tables.counts(cell, (classes, classes)))

    def drawn_measure(drawn: Drawn) -> Floats:
        counts = drawn.total(table)
        return np.where(counts.sum(axis=(-2, -1)) > 0, measure(counts), np.nan)

    return drawn_measure


def _measure(name: str, positive: int) -> Callable[[Floats], Floats] | None:
    """Give a function of counts (…, true class, predicted class)."""
    if name in ("balanced_accuracy", "matthews_corrcoef"):
        return _balanced if name == "balanced_accuracy" else _matthews
    base, _, average = name.partition("_")
    if base not in _BY_CLASS or average not in ("", "macro", "micro", "weighted"):
        return None
    return lambda counts: _averaged(_BY_CLASS[base], counts, average, positive)


# From the rows of a class that were found, all of it, and all that were taken for it. What would
# be divided by nought is 0, as in scikit-learn.
_BY_CLASS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "precision": lambda found, true, taken: _or_zero(found, taken),
    "recall": lambda found, true, taken: _or_zero(found, true),
    "f1": lambda found, true, taken: _or_zero(2 * found, true + taken),
    "jaccard": lambda found, true, taken: _or_zero(found, true + taken - found),
}


def _averaged(
    of: Callable[[Floats, Floats, Floats], Floats], counts: Floats, average: str, positive: int
) -> Floats:
    found = np.diagonal(counts, axis1=-2, axis2=-1)
    true, taken = counts.sum(axis=-1), counts.sum(axis=-2)
    if average == "micro":
        return of(found.sum(axis=-1), true.sum(axis=-1), taken.sum(axis=-1))
    values = of(found, true, taken)
    if average == "weighted":
        return ratio((values * true).sum(axis=-1), true.sum(axis=-1))
    if average == "macro":
        there = (true + taken) > 0
        return ratio((values * there).sum(axis=-1), there.sum(axis=-1).astype(np.float64))
    return np.asarray(values[..., positive], np.float64)


def _balanced(counts: Floats) -> Floats:
    true = counts.sum(axis=-1)
    recall = _or_zero(np.diagonal(counts, axis1=-2, axis2=-1), true)
    return ratio(recall.sum(axis=-1), (true > 0).sum(axis=-1).astype(np.float64))


def _matthews(counts: Floats) -> Floats:
    """Correlate true and predicted classes (Gorodkin 2004); 0 where either is constant."""
    true, taken = counts.sum(axis=-1), counts.sum(axis=-2)
    rows = counts.sum(axis=(-2, -1))
    right = np.trace(counts, axis1=-2, axis2=-1)
    both = right * rows - (true * taken).sum(axis=-1)
    spread = (rows**2 - (true**2).sum(axis=-1)) * (rows**2 - (taken**2).sum(axis=-1))
    return _or_zero(both, np.sqrt(spread))


def _or_zero(above: Floats, below: Floats) -> Floats:
    found = ratio(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.nan_to_num(found, nan=0.0)
