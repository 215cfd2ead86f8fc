"""Differences of runs from another one, with intervals and tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.comparing.measured import Measured
from analysis.experiments.comparing.simultaneous import simultaneous_limits
from analysis.experiments.metrics.intervals import corrected_t_tests, drawn_intervals
from analysis.experiments.metrics.predictions import Floats


@dataclass(frozen=True)
class Differences:
    """Of each run (rows) and metric (columns): its value less the other's; NaN for what is not.

    ``low`` and ``high`` are of the bootstrap, ``p`` of the corrected resampled t-test. ``beyond``
    says whether it is told from nought among all of them; ``paired``, of each run, whether it was
    drawn together with the other.
    """

    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    beyond: NDArray[np.bool_]
    paired: tuple[bool, ...]


def differences(runs: Sequence[Measured], other: Measured) -> Differences:
    """Subtract ``other`` from each of ``runs``.

    Draws are compared one by one where both runs have the same rows in the same blocks, which were
    drawn together; else as if they were independent. Folds are compared, and so p is had, only
    where both runs have the same rows in the same folds.
    """
    shape = (len(runs), len(other.values))
    values = np.array([run.values for run in runs]).reshape(shape)
    difference = values - other.values
    # Draws and folds may have values where the metric as a whole has none.
    low, high, limit = _drawn_limits(runs, other, shape)
    low, high, p = (
        np.where(np.isfinite(difference), found, np.nan)
        for found in (low, high, _tests(runs, other, shape))
    )
    return Differences(
        difference=difference,
        low=low,
        high=high,
        p=p,
        beyond=np.abs(difference) > limit,
        paired=tuple(_is_paired(run, other) for run in runs),
    )


def _is_paired(run: Measured, other: Measured) -> bool:
    mine, its = run.replicates, other.replicates
    same = run.run.blocks.digest == other.run.blocks.digest
    return same and mine is not None and its is not None and len(mine) == len(its)


def _drawn_limits(
    runs: Sequence[Measured], other: Measured, shape: tuple[int, int]
) -> tuple[Floats, Floats, Floats]:
    """Give the ends of the intervals, and how far differences go by chance among all of them."""
    low, high, limit = (np.full(shape, np.nan) for _ in range(3))
    if other.replicates is None or not len(other.replicates):
        return low, high, limit
    groups: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for place, run in enumerate(runs):
        if run.replicates is not None and len(run.replicates):
            groups[_is_paired(run, other), len(run.replicates)].append(place)
    for (paired, _), places in groups.items():
        drawn = np.stack([_drawn(runs[place]) for place in places], axis=1)
        less = other.replicates
        if not paired:
            # Two runs may have been drawn by the same numbers; moved by one draw, these are others.
            draws = min(len(drawn), len(less))
            drawn, less = drawn[:draws], np.roll(less, 1, axis=0)[:draws]
        gaps = drawn - less[:, None, :]
        low[places], high[places] = drawn_intervals(gaps)
        limit[places] = simultaneous_limits(gaps)
    return low, high, limit


def _drawn(run: Measured) -> Floats:
    assert run.replicates is not None
    return run.replicates


def _tests(runs: Sequence[Measured], other: Measured, shape: tuple[int, int]) -> Floats:
    p = np.full(shape, np.nan)
    same = [
        place
        for place, run in enumerate(runs)
        if run.run.split.digest == other.run.split.digest and run.folds.shape == other.folds.shape
    ]
    if same:
        folds = np.stack([runs[place].folds for place in same]) - other.folds
        p[same] = corrected_t_tests(folds, other.share, axis=1)
    return p
