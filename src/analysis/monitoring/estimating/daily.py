"""Sums by day: all that intervals are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.metrics.predictions import Floats

# A day whose rows were not counted would be a block of nothing.
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scores:
    """Rows by day and cell of the score, each as (days, cells), in the order of the score.

    ``score`` is summed over ``rows``, ``expected`` over ``labelled``, of which ``positive`` came
    true.
    """

    rows: Floats
    score: Floats
    labelled: Floats
    expected: Floats
    positive: Floats

    def of_days(self, days: _Mask) -> Scores:
        """Keep some days, and of the cells those in which there are rows."""
        rows = self.rows[days]
        cells = rows.any(axis=0)
        return Scores(
            rows[:, cells],
            self.score[days][:, cells],
            self.labelled[days][:, cells],
            self.expected[days][:, cells],
            self.positive[days][:, cells],
        )

    def thinned(self, most: int) -> Scores:
        """Put neighbouring cells together, until there are at most so many, alike in rows."""
        if self.rows.shape[1] <= most or not self.rows.any():
            return self
        total = self.rows.sum(axis=0)
        if not total.any():
            return self
        middle = np.cumsum(total) - total / 2
        place = np.minimum((middle * most / total.sum()).astype(np.int64), most - 1)
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        parts = (self.rows, self.score, self.labelled, self.expected, self.positive)
        return Scores(*(np.add.reduceat(part, starts, axis=1) for part in parts))


@dataclass(frozen=True)
class Daily:
    """Sums of all rows by day, by the names of columns of ``meta.cells``, each as (days,).

    ``scores`` are there in a binary classification.
    """

    sums: Mapping[str, Floats]
    scores: Scores | None = None

    @property
    def days(self) -> int:
        """Count days."""
        return len(self.sums["rows"])

    @property
    def labelled(self) -> Daily:
        """Keep the days of which labels have come."""
        return self.of_days(self.sums["labelled"] > 0)

    def of_days(self, days: _Mask) -> Daily:
        """Keep some days."""
        scores = self.scores.of_days(days) if self.scores else None
        return Daily({name: values[days] for name, values in self.sums.items()}, scores)
