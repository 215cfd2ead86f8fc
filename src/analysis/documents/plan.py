"""In which order pages run, and how long that may take."""

from __future__ import annotations

import heapq
import statistics
from collections.abc import Iterable, Mapping
from math import inf


def longest_first(pages: Iterable[str], durations: Mapping[str, float]) -> tuple[str, ...]:
    """Order pages so that no long one is left to the end; unknown ones may be long."""
    return tuple(sorted(pages, key=lambda page: (-durations.get(page, inf), page)))


def estimate(pages: Iterable[str], durations: Mapping[str, float], jobs: int) -> float | None:
    """Estimate the seconds for ``pages`` in this order, by ``jobs`` at a time.

    A page that never ran counts as the mean of those that did; ``None`` if there are none.
    """
    pages = list(pages)
    known = [durations[page] for page in pages if page in durations]
    if not known:
        return None
    mean = statistics.fmean(known)
    ends = [0.0] * jobs
    for page in pages:
        heapq.heapreplace(ends, ends[0] + durations.get(page, mean))
    return max(ends)
