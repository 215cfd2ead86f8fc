"""What a fitted candidate says of some rows, and the file in which a fold keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.running.tasks import Task
from analysis.files import temporary

Array = NDArray[Any]


@dataclass(frozen=True)
class Outcome:
    """Class codes or values by row, and what ranks the rows where the estimator tells it.

    ``probability`` is of all classes; ``decision`` is there only where there is none.
    """

    label: Array
    probability: Array | None = None
    decision: Array | None = None

    def at(self, places: Array) -> Outcome:
        """Give what is said of the rows at these places."""
        ranks = (self.probability, self.decision)
        return Outcome(self.label[places], *(None if a is None else a[places] for a in ranks))


def write_outcome(task: Task, outcome: Outcome) -> None:
    """Write what a fold has predicted, in one rename."""
    named = {"label": outcome.label, "p": outcome.probability, "d": outcome.decision}
    arrays = {name: array for name, array in named.items() if array is not None}
    with temporary(task.arrays) as file, file.open("wb") as opened:
        np.savez(opened, allow_pickle=False, **arrays)


def read_outcome(task: Task) -> Outcome:
    """Read what a fold has predicted."""
    with task.arrays.open("rb") as file, np.load(file, allow_pickle=False) as found:
        return Outcome(found["label"], found.get("p"), found.get("d"))
