"""What a candidate predicted for the rows of a dataset, each by the fold that had not seen it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.runs.record import Task

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Predictions:
    """Predictions in the order of the dataset's rows.

    Parameters
    ----------
    target
        Codes of classes, 0 to k - 1; numbers in a regression.
    fold
        The fold that predicted the row, from 1; 0 where none did, as in a forward split.
    label
        The predicted codes, or numbers.
    probability
        Of each class, as (rows, classes); ``None`` in a regression, or where the estimator has no
        ``predict_proba``. A class that the rows to train on did not have has probability 0.
    block
        The code of the row's block, 0 to ``blocks`` - 1: rows that are drawn together.
    positive
        The code of the class that a binary task is about; the last one by default.
    decision
        What ``decision_function`` gave, where there is no ``probability``: (rows,) in a binary
        task, else (rows, classes).
    """

    target: NDArray[Any]
    fold: NDArray[Any]
    label: NDArray[Any]
    probability: NDArray[Any] | None
    block: NDArray[Any]
    blocks: int
    positive: int | None
    classes: tuple[str, ...]
    task: Task
    decision: NDArray[Any] | None = None

    @property
    def folds(self) -> int:
        """Count the folds."""
        return int(self.fold.max(initial=0))

    def rows_by_fold(self) -> Iterator[Codes]:
        """Give the places of the rows of each fold."""
        order = np.argsort(self.fold, kind="stable")
        ends = np.searchsorted(self.fold[order], np.arange(1, self.folds + 2))
        for begin, end in pairwise(ends):
            yield order[begin:end]

    @property
    def positive_code(self) -> int:
        """Give the code of the class that a binary task is about."""
        return 1 if self.positive is None else self.positive

    def is_positive(self) -> NDArray[np.bool_]:
        """Say which rows of a binary task are of the positive class."""
        return np.asarray(self.target == self.positive_code)

    def chance(self) -> Floats | None:
        """Give the probability of the positive class of a binary task."""
        if self.probability is None:
            return None
        return np.asarray(self.probability[:, self.positive_code], np.float64)

    def scores(self) -> Floats | None:
        """Give what ranks the rows, as (rows, classes): one column in a binary task.

        ``None`` where the estimator gives labels only.
        """
        if self.task == "regression":
            return None
        if self.task == "binary":
            chance = self.chance()
            if chance is None and self.decision is not None:
                chance = np.asarray(self.decision, np.float64)
                chance = chance if self.positive_code == 1 else -chance
            return None if chance is None else chance[:, None]
        given = self.probability if self.probability is not None else self.decision
        return None if given is None else np.asarray(given, np.float64)
