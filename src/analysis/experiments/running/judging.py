"""Judging a run from the predictions of its folds: metrics, draws of blocks, curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.metrics.bootstrap import replicates
from analysis.experiments.metrics.curves import curves
from analysis.experiments.metrics.judged import judge as judged
from analysis.experiments.metrics.metric import find_metric
from analysis.experiments.metrics.predictions import Predictions
from analysis.experiments.metrics.values import fold_values
from analysis.experiments.running.outcome import read_outcome
from analysis.experiments.running.predicting import target, test_rows, train_rows
from analysis.experiments.running.tasks import Setting, Task, Told
from analysis.experiments.runs.store import REPLICATES
from analysis.files import temporary

Array = NDArray[Any]


def judge(setting: Setting) -> Told:
    """Tell metrics and curves of all folds together, and write the values of the draws."""
    predictions = collected(setting)
    metrics = [find_metric(name, setting.task) for name in setting.judging.metrics]
    by_fold = fold_values(metrics, predictions)
    drawn = replicates(metrics, predictions, setting.judging.draws, setting.judging.seed, by_fold)
    with temporary(setting.work / REPLICATES) as file, file.open("wb") as opened:
        np.save(opened, drawn.astype(np.float32), allow_pickle=False)
    folds = [Task("fold", setting, fold) for fold in range(1, setting.folds + 1)]
    sizes = [(len(train_rows(fold)), len(test_rows(fold))) for fold in folds]
    whole = setting.task == "regression"
    return {
        "metrics": [asdict(m) for m in judged(metrics, by_fold, sizes, drawn, whole=whole)],
        "folds": {name: list(values) for name, values in by_fold.items()},
        "curves": [asdict(curve) for curve in curves(predictions)],
    }


def collected(setting: Setting) -> Predictions:
    """Put the predictions of all folds together, in the order of the rows."""
    wanted = np.asarray(target(setting))
    rows, is_values = len(wanted), setting.task == "regression"
    fold = np.zeros(rows, dtype=np.int32)
    label = np.full(rows, np.nan) if is_values else np.zeros(rows, dtype=np.int32)
    outcomes = []
    for number in range(1, setting.folds + 1):
        task = Task("fold", setting, number)
        places, found = test_rows(task), read_outcome(task)
        fold[places], label[places] = number, found.label
        outcomes.append((places, found))
    probability = [(places, found.probability) for places, found in outcomes]
    decision = [(places, found.decision) for places, found in outcomes]
    return Predictions(
        target=wanted,
        fold=fold,
        label=label,
        probability=_spread(probability, rows),
        block=np.load(setting.split / "blocks.npy", allow_pickle=False),
        blocks=setting.blocks,
        positive=setting.positive,
        classes=setting.classes,
        task=setting.task,
        decision=_spread(decision, rows),
    )


def _spread(found: Sequence[tuple[Array, Array | None]], rows: int) -> Array | None:
    """Put what each fold has at the places of its rows; nothing if one of them has nothing."""
    whole: Array | None = None
    for places, values in found:
        if values is None:
            return None
        if whole is None:
            whole = np.full((rows, *values.shape[1:]), np.nan)
        whole[places] = values
    return whole
