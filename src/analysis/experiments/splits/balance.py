"""Dealing rows, or groups of rows, to folds by chance, so that folds are about alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.splits.groups import Groups

Codes = NDArray[np.int64]


def spread(rows: int, strata: Codes | None, folds: int, seed: int) -> Codes:
    """Deal single rows: each class is spread over the folds as evenly as can be."""
    order = np.random.default_rng(seed).permutation(rows)
    if strata is not None:
        order = order[np.argsort(strata[order], kind="stable")]
    found = np.empty(rows, dtype=np.int64)
    # Dealt on from one class to the next, so that folds are of one size, too.
    found[order] = np.arange(rows) % folds
    return found


def dealt(groups: Groups, strata: Codes | None, folds: int, seed: int) -> Codes:
    """Deal whole groups, each to the fold that lacks most of what it has.

    The large ones come first, those of about one size by chance. What is kept even are squares of
    the numbers of rows, and of rows of each class, as shares of all of these.
    """
    counts = _counts(groups, strata)
    weights = 1 / np.maximum(counts.sum(axis=0), 1) ** 2
    load = np.zeros((folds, counts.shape[1]))
    fold_of = np.empty(groups.count, dtype=np.int64)
    for group in _order(groups.sizes, seed):
        fold = int((load @ (counts[group] * weights)).argmin())
        load[fold] += counts[group]
        fold_of[group] = fold
    return fold_of[groups.codes]


def _counts(groups: Groups, strata: Codes | None) -> NDArray[np.float64]:
    """Count the rows of each group: all, then those of each class."""
    sizes = groups.sizes.astype(float)[:, None]
    if strata is None:
        return sizes
    classes = int(strata.max()) + 1
    cells = np.bincount(groups.codes * classes + strata, minlength=groups.count * classes)
    return np.hstack([sizes, cells.reshape(groups.count, classes).astype(float)])


def _order(sizes: Codes, seed: int) -> Codes:
    """Order groups by size in powers of two, the largest first, within those by chance."""
    order = np.random.default_rng(seed).permutation(len(sizes))
    magnitude = np.floor(np.log2(np.maximum(sizes, 1)))
    return order[np.argsort(-magnitude[order], kind="stable")]
