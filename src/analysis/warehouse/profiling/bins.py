"""The edges of a histogram that one wild value cannot flatten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = 20
# Of so few whole numbers each has a bin of its own: hours, days of a month.
FEW = 31
# Pairs of quantiles, from the inner to the outer; more than half of the values may be equal.
LEVELS = (0.05, 0.95, 0.01, 0.99, 0.001, 0.999)
# What lies further out than so many times the distance of two quantiles is not drawn, if the next
# outer ones are within reach; of fewer than a hundred values one is more than these can tell.
REACH = 2.0
FEWEST = 100


@dataclass(frozen=True)
class Bins:
    """``count`` bins of the same ``width`` from ``low``; the last one holds ``high`` too."""

    low: float
    high: float
    width: float
    count: int

    def edge(self, index: int) -> float:
        """Give the lower end of a bin, and after the last one the upper end of all."""
        return self.high if index == self.count else self.low + index * self.width


def choose_bins(
    low: float, high: float, quantiles: Sequence[float], count: int, *, whole: bool = False
) -> Bins | None:
    """Choose bins for ``count`` finite values with the ``quantiles`` at `LEVELS`.

    Bins of ``whole`` numbers begin at whole numbers, so that each holds equally many of them.
    Gives ``None`` where the values lie too far apart for a number.
    """
    low, high = _reach(low, high, quantiles, count)
    if not math.isfinite(high - low):
        return None
    if whole:
        return _whole_bins(math.floor(low), math.ceil(high))
    if high - low <= abs(low) * 1e-12:  # all are equal
        return Bins(low, high, 1.0, 1)
    return Bins(low, high, (high - low) / BINS, BINS)


def _whole_bins(low: int, high: int) -> Bins:
    values = high - low + 1
    width = 1 if values <= FEW else math.ceil(values / BINS)
    count = math.ceil(values / width)
    return Bins(low, low + count * width, width, count)


def _reach(low: float, high: float, quantiles: Sequence[float], count: int) -> tuple[float, float]:
    pairs = [*zip(quantiles[::2], quantiles[1::2], strict=True), (low, high)]
    for (lower, upper), (least, most) in pairwise(pairs):
        reach = REACH * (upper - lower)
        first, last = max(low, lower - reach), min(high, upper + reach)
        is_enough = count < FEWEST or (first <= least and most <= last)
        if reach > 0 and is_enough:
            return first, last
    return low, high
