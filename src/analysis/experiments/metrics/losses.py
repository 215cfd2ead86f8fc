"""Losses by row: metrics that are means of such are exact in each draw of a bootstrap."""

from __future__ import annotations

import numpy as np

from analysis.experiments.metrics.predictions import Floats, Predictions


def correct(predictions: Predictions) -> Floats:
    """Say 1 where the label is right."""
    return np.asarray(predictions.label == predictions.target, np.float64)


def brier(predictions: Predictions) -> Floats | None:
    """Square the errors of probabilities (Brier 1950).

    In a binary task that of the positive class, from 0 to 1; in a multiclass one they are summed
    over classes, from 0 to 2, as in ``sklearn.metrics.brier_score_loss``.
    """
    if predictions.probability is None:
        return None
    chance = predictions.chance() if predictions.task == "binary" else None
    if chance is not None:
        return np.asarray((chance - predictions.is_positive()) ** 2, np.float64)
    truth = np.arange(len(predictions.classes)) == predictions.target[:, None]
    error = predictions.probability.astype(np.float64) - truth
    return np.asarray((error**2).sum(axis=1), np.float64)


def log_loss(predictions: Predictions) -> Floats | None:
    """Take the logarithm of the probability of what happened, which is kept off 0 as in sklearn."""
    if predictions.probability is None:
        return None
    given = np.asarray(predictions.probability, np.float64)
    happened = given[np.arange(len(given)), predictions.target]
    tiny = np.finfo(np.float64).eps
    return np.asarray(-np.log(np.clip(happened, tiny, 1 - tiny)), np.float64)


def error(predictions: Predictions) -> Floats:
    """Subtract the number that is true from the one that was predicted."""
    return predictions.label.astype(np.float64) - predictions.target.astype(np.float64)


def squared(predictions: Predictions) -> Floats:
    """Square the errors of numbers."""
    return error(predictions) ** 2


def absolute(predictions: Predictions) -> Floats:
    """Take errors of numbers without their sign."""
    return np.abs(error(predictions))


def observed(predictions: Predictions) -> Floats | None:
    """Say 1 where the positive class happened."""
    return predictions.is_positive().astype(np.float64)


def expected(predictions: Predictions) -> Floats | None:
    """Give the probability of the positive class."""
    return predictions.chance()
