"""Threads that predict many rows side by side, each by itself.

The threads of OpenMP wait for each other at every tree of a model. Where a processor is busy with
something else that takes ten times as long as one thread alone; parts of the rows do not wait.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from analysis.service.logged import Columns
from analysis.service.serving import Predicts

# Less work than this, in seconds of one thread, is not worth another one: much of it waits for
# Python, which one thread has at a time. Fewer rows do not say how long a row takes.
_PART_SECONDS, _ENOUGH = 0.02, 1024


class Crew:
    """Predicts rows; those that take long in parts, each ``worth`` that many seconds or more."""

    def __init__(self, workers: int | None = None, worth: float = _PART_SECONDS) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._workers, "rows", initializer=keep_to_one_thread)
        self._worth = worth
        self._pace: dict[int, float] = {}

    def predict(self, predictor: Predicts, columns: Columns) -> dict[str, list[Any]]:
        """Give the outputs of rows, in their order."""
        rows = len(next(iter(columns.values()), ()))
        pace = self._pace.get(id(predictor), 0.0)
        parts = min(self._workers, int(rows * pace / self._worth))
        if parts < 2:
            return self._alone(predictor, columns, rows)
        ends = [rows * place // parts for place in range(parts + 1)]
        slices = [
            {name: values[begin:end] for name, values in columns.items()}
            for begin, end in pairwise(ends)
        ]
        found = [*self._pool.map(predictor.predict, slices)]
        return {name: [v for part in found for v in part[name]] for name in found[0]}

    def _alone(self, predictor: Predicts, columns: Columns, rows: int) -> dict[str, list[Any]]:
        """Predict with one thread; how long a row takes tells whether more are worth it."""
        begun = time.perf_counter()
        found = predictor.predict(columns)
        if rows >= _ENOUGH:
            self._pace[id(predictor)] = (time.perf_counter() - begun) / rows
        return found

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()


def keep_to_one_thread() -> None:
    """Have what is computed in this thread computed by it alone."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)
