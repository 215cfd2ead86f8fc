"""Each run against the best one, and against the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from analysis.experiments.comparing.differences import Differences, differences
from analysis.experiments.comparing.measured import Measured
from analysis.experiments.runs.record import Comparison

_LEVEL = 0.05
_DIGITS = 8
Against = Literal["best", "baseline", "split"]


def compare(
    runs: Sequence[Measured], other: Measured, against: Against, metrics: Sequence[str]
) -> tuple[Comparison, ...]:
    """Compare each of ``runs`` with ``other`` on each metric, the first of them first.

    A difference is ``distinguishable`` if the corrected resampled t-test has a p below 0.05 and the
    bootstrap tells it from nought among all runs that are compared with ``other`` at once
    (``comparing.simultaneous``). Where two splits are compared there is no such test, and the
    interval alone tells them apart.
    """
    runs = [run for run in runs if run.run.run != other.run.run]
    if not runs:
        return ()
    found = differences(runs, other)
    if against == "split":
        apart = (found.low > 0) | (found.high < 0)
    else:
        apart = found.beyond & (found.p < _LEVEL)
    return tuple(_told(runs, other, against, metrics, found, apart))


def _told(
    runs: Sequence[Measured],
    other: Measured,
    against: Against,
    metrics: Sequence[str],
    found: Differences,
    apart: np.ndarray,
) -> Iterator[Comparison]:
    numbers = np.stack([found.difference, found.low, found.high, found.p], axis=-1).tolist()
    distinguishable = apart.tolist()
    for column, metric in enumerate(metrics):
        for row, run in enumerate(runs):
            difference, low, high, p = map(_rounded, numbers[row][column])
            yield Comparison(
                run=run.run.run,
                other=other.run.run,
                against=against,
                metric=metric,
                difference=difference,
                low=low,
                high=high,
                p=p,
                distinguishable=distinguishable[row][column],
                paired=found.paired[row],
            )


def _rounded(value: float) -> float | None:
    # NaN is the one value that is not itself.
    return float(f"{value:.{_DIGITS}g}") if value == value and abs(value) != np.inf else None
