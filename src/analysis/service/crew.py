"""Threads that predict many rows side by side, each by itself.

The threads of OpenMP wait for each other at every tree of a model. Where a processor is busy with
something else that takes ten times as long as one thread alone; parts of the rows do not wait.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from analysis.service.logged import Columns
from analysis.service.serving import Predicts

# Fewer rows are not worth a thread of their own.
_PART = 2048


class Crew:
    """Predicts rows, many of them in several parts."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._workers, "rows", initializer=keep_to_one_thread)

    def predict(self, predictor: Predicts, columns: Columns) -> dict[str, list[Any]]:
        """Give the outputs of rows, in their order."""
        rows = len(next(iter(columns.values()), ()))
        parts = min(self._workers, rows // _PART)
        if parts < 2:
            return predictor.predict(columns)
        ends = [rows * place // parts for place in range(parts + 1)]
        slices = [
            {name: values[begin:end] for name, values in columns.items()}
            for begin, end in pairwise(ends)
        ]
        found = [*self._pool.map(predictor.predict, slices)]
        return {name: [v for part in found for v in part[name]] for name in found[0]}

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()


def keep_to_one_thread() -> None:
    """Have what is computed in this thread computed by it alone."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)
