"""In which order pages run, and how long that may take."""

from __future__ import annotations

import heapq
import json
import statistics
from collections.abc import Iterable, Mapping
from math import inf
from pathlib import Path

from analysis.files import write_text


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


def read_durations(path: Path) -> dict[str, float]:
    """Read the seconds that each page last took; a missing or damaged file knows none."""
    try:
        return {
            str(page): float(seconds) for page, seconds in json.loads(path.read_bytes()).items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_durations(path: Path, durations: Mapping[str, float]) -> None:
    """Keep the seconds that each page took."""
    rounded = {page: round(seconds, 3) for page, seconds in sorted(durations.items())}
    write_text(path, json.dumps(rounded, indent=2) + "\n")
