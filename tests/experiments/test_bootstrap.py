"""Fast draws of blocks give what repeated rows and scikit-learn give."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from analysis.experiments.metrics.bootstrap import replicates
from analysis.experiments.metrics.draws import draw
from analysis.experiments.metrics.predictions import Floats, Predictions
from analysis.experiments.runs.record import Task
from tests.experiments.predicted import NAMES, Shape, found, made_up, naive

DRAWS = 12


def _naive(name: str, predictions: Predictions, seed: int) -> Floats:
    """Repeat the rows of each drawn block, and average over folds that are defined undrawn."""
    rows = np.arange(len(predictions.fold))
    folds = [rows[predictions.fold == f] for f in range(1, predictions.folds + 1)]
    folds = [fold for fold in folds if np.isfinite(naive(name, predictions, fold))]
    return np.array(
        [
            np.mean(
                [
                    naive(name, predictions, np.repeat(fold, weights[predictions.block[fold]]))
                    for fold in folds
                ]
            )
            for many in draw(predictions.blocks, DRAWS, seed)
            for weights in many
        ]
    )


SHAPES = {
    "ties": Shape(digits=1),
    "no ties": Shape(digits=None),
    "tiny folds": Shape(rows=30, blocks=6, folds=3),
    "few classes in a fold": Shape(rows=40, blocks=40, folds=8, classes=4),
    "rows are blocks": Shape(rows=120, blocks=4000),
    "probabilities of 0 and 1": Shape(digits=0, spread=4.0),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("task", get_args(Task))
def test_draws_are_as_if_rows_were_repeated(task: Task, shape: Shape) -> None:
    """Each fast path agrees with scikit-learn, undefined draws included."""
    predictions = made_up(task, shape)
    metrics = found(task, *NAMES[task])
    fast = replicates(metrics, predictions, DRAWS, 3)
    assert fast.shape == (DRAWS, len(metrics))
    for column, metric in enumerate(metrics):
        slow = _naive(metric.name, predictions, 3)
        np.testing.assert_allclose(fast[:, column], slow, 1e-6, 1e-9, err_msg=metric.name)
