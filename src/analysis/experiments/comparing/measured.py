"""The numbers of many runs as arrays, to compare them all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.experiments.metrics.judged import share_tested
from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.runs.record import Run


@dataclass(frozen=True)
class Measured:
    """A run with its metrics, in an order that all runs share: NaN where it has no value.

    ``values`` are (metrics,), ``folds`` (folds, metrics); ``replicates`` (draws, metrics), or
    ``None`` if their file is missing.
    """

    run: Run
    values: Floats
    folds: Floats
    replicates: Floats | None

    @property
    def share(self) -> float:
        """Give rows to test on by rows to train on."""
        return share_tested([(fold.train_rows, fold.test_rows) for fold in self.run.folds])


def measured(run: Run, metrics: Sequence[str], replicates: Floats | None) -> Measured:
    """Take the numbers of a run; ``replicates`` are in the order of its own metrics."""
    own = {metric.name: place for place, metric in enumerate(run.metrics)}
    values = [run.metrics[own[name]].value if name in own else None for name in metrics]
    folds = [[fold.metrics.get(name) for name in metrics] for fold in run.folds]
    if replicates is not None and replicates.shape[1] != len(own):
        replicates = None
    if replicates is not None and tuple(own) != tuple(metrics):
        beside = np.concatenate([replicates, np.full((len(replicates), 1), np.nan)], axis=1)
        replicates = beside[:, [own.get(name, len(own)) for name in metrics]]
    shape = (len(run.folds), len(metrics))
    by_fold = np.array(folds, np.float64).reshape(shape)
    return Measured(run, np.array(values, np.float64), by_fold, replicates)
