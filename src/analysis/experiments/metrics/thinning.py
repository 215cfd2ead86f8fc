"""Fewer points for a line that looks the same."""

from __future__ import annotations

import heapq

import numpy as np

from analysis.experiments.metrics.predictions import Codes, Floats


def thinned(x: Floats, y: Floats, most: int) -> Codes:
    """Choose at most ``most`` points of a line, its ends among them; gives their places in order.

    After Ramer (1972) and Douglas and Peucker (1973), the point that is farthest from the line so
    far is added next, until there are enough or none is off it.
    """
    if len(x) <= 2:
        return np.arange(len(x))
    kept = {0, len(x) - 1}
    waiting = [_farthest(x, y, 0, len(x) - 1)]
    while waiting and len(kept) < most:
        distance, place, begin, end = heapq.heappop(waiting)
        if distance > -1e-9:
            break
        kept.add(place)
        for part in ((begin, place), (place, end)):
            if part[1] - part[0] > 1:
                heapq.heappush(waiting, _farthest(x, y, *part))
    return np.array(sorted(kept))


def _farthest(x: Floats, y: Floats, begin: int, end: int) -> tuple[float, int, int, int]:
    """Give the point farthest from the line between two; what is farther is less, for the heap."""
    x, y = x[begin : end + 1] - x[begin], y[begin : end + 1] - y[begin]
    length = float(np.hypot(x[-1], y[-1]))
    distances = np.abs(x[-1] * y - y[-1] * x) / length if length else np.hypot(x, y)
    place = int(distances.argmax())
    return -float(distances[place]), begin + place, begin, end
