"""Curves of the predictions of a run: ROC, precision and recall, calibration."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.metrics.calibration import calibration
from analysis.experiments.metrics.predictions import Floats, Predictions
from analysis.experiments.metrics.thinning import thinned
from analysis.experiments.runs.record import Curve

POINTS = 200
DIGITS = 5


def curves(predictions: Predictions) -> tuple[Curve, ...]:
    """Give the curves that the predictions allow, over the rows of all folds.

    ``roc`` has the share of negatives as x, of positives as y; ``precision_recall`` recall as x,
    precision as y; ``calibration`` what was predicted as x, what was observed as y. The series is
    the positive class, or each class against the others; that of a regression is ``value``, of
    which there is calibration only. Points are thinned and rounded.
    """
    kept = predictions.fold > 0
    if not kept.any():
        return ()
    if predictions.task == "regression":
        values = predictions.label[kept].astype(float), predictions.target[kept].astype(float)
        return (calibration("value", *values, predictions, DIGITS),)
    return tuple(_of_classes(predictions, kept))


def _of_classes(predictions: Predictions, kept: NDArray[np.bool_]) -> Iterator[Curve]:
    scores = predictions.scores()
    if scores is None:
        return
    binary = predictions.task == "binary"
    codes = [predictions.positive_code] if binary else range(len(predictions.classes))
    for column, code in enumerate(codes):
        score, truth = scores[kept, column], predictions.target[kept] == code
        name = predictions.classes[code]
        if 0 < truth.sum() < len(truth):
            yield from _ranked(name, score, truth)
        if predictions.probability is not None:
            yield calibration(name, score, truth.astype(float), predictions, DIGITS)


def _ranked(name: str, score: Floats, truth: NDArray[np.bool_]) -> Iterator[Curve]:
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    found = np.cumsum(truth[order])[ends].astype(float)
    taken = ends + 1.0
    recall = found / found[-1]
    false = (taken - found) / (len(truth) - found[-1])
    yield _line("roc", name, np.append(0.0, false), np.append(0.0, recall))
    precision = found / taken
    # At no recall the first precision stands, as nothing was taken yet.
    yield _line(
        "precision_recall", name, np.append(0.0, recall), np.append(precision[0], precision)
    )


def _line(curve: str, name: str, x: Floats, y: Floats) -> Curve:
    places = thinned(x, y, POINTS)
    rounded = (tuple(np.round(values[places], DIGITS).tolist()) for values in (x, y))
    return Curve(curve, name, *rounded)
