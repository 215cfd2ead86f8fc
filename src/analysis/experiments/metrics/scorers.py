"""Scorers of scikit-learn on predictions that were stored."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import (
    brier_score_loss,
    d2_brier_score,
    d2_log_loss_score,
    get_scorer,
    get_scorer_names,
    log_loss,
    make_scorer,
    top_k_accuracy_score,
)

from analysis.experiments.metrics.predictions import Codes, Floats, Predictions
from analysis.experiments.runs.record import Task

# What scorers raise on rows for which they are not defined.
UNDEFINED = (ValueError, TypeError, AttributeError, ArithmeticError, IndexError)


class _Stored(BaseEstimator):  # type: ignore[misc]
    """Gives what is stored, for rows that are named by their places."""

    def __init__(self, label: NDArray[Any]) -> None:
        self.label = label

    def predict(self, rows: Codes) -> NDArray[Any]:
        return self.label[rows[:, 0]]


class _StoredRegressor(RegressorMixin, _Stored):  # type: ignore[misc]
    pass


class _StoredLabels(ClassifierMixin, _Stored):  # type: ignore[misc]
    def __init__(self, label: NDArray[Any], classes: int) -> None:
        super().__init__(label)
        self.classes_ = np.arange(classes)


class _StoredProbabilities(_StoredLabels):
    def __init__(self, label: NDArray[Any], classes: int, probability: NDArray[Any]) -> None:
        super().__init__(label, classes)
        self.probability = probability

    def predict_proba(self, rows: Codes) -> NDArray[Any]:
        return self.probability[rows[:, 0]]


class _StoredDecisions(_StoredLabels):
    def __init__(self, label: NDArray[Any], classes: int, decision: NDArray[Any]) -> None:
        super().__init__(label, classes)
        self.decision = decision

    def decision_function(self, rows: Codes) -> NDArray[Any]:
        return self.decision[rows[:, 0]]


class Scored:
    """A scorer on the rows of predictions; the positive class of a binary task is its label 1."""

    def __init__(self, name: str, predictions: Predictions) -> None:
        self._score = _scorer(name, len(predictions.classes))
        self._weighs = takes_weights(name, predictions.task)
        self._target, self._stored = _as_sklearn_wants(predictions)

    def value(self, rows: Codes) -> float:
        """Give the score on some rows; NaN where it is not defined on them."""
        return self._of(rows)

    def weighted(self, rows: Codes, weights: Codes) -> float:
        """Give the score on rows of which each is there as often as its weight says."""
        if not self._weighs:
            return self._of(np.repeat(rows, weights))
        there = weights > 0
        return self._of(rows[there], sample_weight=weights[there].astype(np.float64))

    def _of(self, rows: Codes, **options: Any) -> float:
        if not len(rows):
            return np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = self._score(self._stored, rows[:, None], self._target[rows], **options)
            except UNDEFINED:
                return np.nan
        return float(found) if np.isfinite(found) else np.nan


def _as_sklearn_wants(predictions: Predictions) -> tuple[NDArray[Any], _Stored]:
    target, label = predictions.target, predictions.label
    if predictions.task == "regression":
        return target, _StoredRegressor(label)
    probability, decision = predictions.probability, predictions.decision
    if predictions.task == "binary" and predictions.positive_code == 0:
        target, label = 1 - target, 1 - label
        probability = None if probability is None else probability[:, ::-1]
        decision = None if decision is None else -decision
    classes = len(predictions.classes)
    if probability is not None:
        return target, _StoredProbabilities(label, classes, probability)
    if decision is not None:
        return target, _StoredDecisions(label, classes, decision)
    return target, _StoredLabels(label, classes)


def _scorer(name: str, classes: int) -> Any:
    """Give a scorer that knows all classes, though some rows may not have each of them."""
    if name not in _OF_ALL_CLASSES:
        return get_scorer(name)
    of, higher = _OF_ALL_CLASSES[name]
    needs = (
        ("decision_function", "predict_proba") if of is top_k_accuracy_score else "predict_proba"
    )
    return make_scorer(
        of, greater_is_better=higher, response_method=needs, labels=np.arange(classes)
    )


_OF_ALL_CLASSES: dict[str, tuple[Callable[..., float], bool]] = {
    "neg_log_loss": (log_loss, False),
    "neg_brier_score": (brier_score_loss, False),
    "d2_log_loss_score": (d2_log_loss_score, True),
    "d2_brier_score": (d2_brier_score, True),
    "top_k_accuracy": (top_k_accuracy_score, True),
}


@cache
def scorer_names() -> tuple[str, ...]:
    """Name the scorers of scikit-learn."""
    return tuple(get_scorer_names())


@cache
def fits(name: str, task: Task) -> bool:
    """Try whether a scorer is one of a task: those of numbers are not for codes of classes."""
    if task == "regression":
        return _works(name, "regression")
    return _works(name, task) and not _works(name, "regression")


@cache
def takes_weights(name: str, task: Task) -> bool:
    """Try whether a scorer takes weights of rows."""
    return _works(name, task, sample_weight=np.ones(6))


def _works(name: str, task: Task, **options: Any) -> bool:
    target, stored = _as_sklearn_wants(_trial(task))
    with warnings.catch_warnings():
        # What warns here is not made for such a target.
        warnings.simplefilter("error")
        try:
            get_scorer(name)(stored, np.arange(6)[:, None], target, **options)
        except (*UNDEFINED, Warning):
            return False
    return True


def _trial(task: Task) -> Predictions:
    """Give six rows on which any metric of the task is defined."""
    target: NDArray[Any]
    label: NDArray[Any]
    chance: Floats | None = None
    if task == "regression":
        target, label = np.arange(6) + 0.5, np.arange(6) * 0.9 + 0.7
    else:
        classes = 2 if task == "binary" else 3
        target = np.arange(6) % classes
        label = np.array([0, 1, 1, 0, 1, 0]) if task == "binary" else np.array([0, 1, 2, 1, 2, 0])
        chance = np.full((6, classes), 0.5 / classes)
        chance[np.arange(6), label] += 0.5
    zeros = np.zeros(6, np.int64)
    classes_ = ("a", "b", "c")[: 0 if chance is None else chance.shape[1]]
    return Predictions(target, zeros + 1, label, chance, zeros, 1, None, classes_, task)
