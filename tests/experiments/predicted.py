"""Predictions that are made up, and metrics the slow way: rows repeated, scikit-learn asked."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk
from sklearn.linear_model import LogisticRegression

from analysis.experiments.metrics.metric import Metric, find_metric
from analysis.experiments.metrics.predictions import Predictions
from analysis.experiments.runs.record import Task


@dataclass(frozen=True)
class Shape:
    """What is made up: rows, blocks, folds, how many digits a probability has."""

    rows: int = 240
    blocks: int = 30
    folds: int = 3
    digits: int | None = 2
    classes: int = 2
    spread: float = 1.0


def made_up(task: Task, shape: Shape = Shape(), seed: int = 0) -> Predictions:
    """Make up predictions; blocks lie within folds."""
    draw = np.random.default_rng(seed)
    block = np.sort(draw.integers(0, shape.blocks, shape.rows))
    fold = block % shape.folds + 1
    if task == "regression":
        target = draw.normal(10, 3, shape.rows)
        label = target + draw.normal(0.3, 2, shape.rows)
        return Predictions(target, fold, label, None, block, shape.blocks, None, (), task)
    classes = 2 if task == "binary" else max(shape.classes, 3)
    target = draw.integers(0, classes, shape.rows)
    raised = draw.normal(0, shape.spread, (shape.rows, classes))
    raised[np.arange(shape.rows), target] += 1
    chance = np.exp(raised) / np.exp(raised).sum(axis=1, keepdims=True)
    if shape.digits is not None:
        chance[:, 0] = np.round(chance[:, 0], shape.digits)
        chance[:, 1:] = np.round(chance[:, 1:], shape.digits)
        chance[:, -1] = 1 - chance[:, :-1].sum(axis=1)
        chance = np.clip(chance, 0, 1)
    label = chance.argmax(axis=1)
    names = tuple("abcdefgh"[:classes])
    positive = 1 if task == "binary" else None
    return Predictions(target, fold, label, chance, block, shape.blocks, positive, names, task)


def turned(predictions: Predictions) -> Predictions:
    """Give the same binary predictions with the classes the other way round."""
    assert predictions.probability is not None
    return replace(
        predictions,
        target=1 - predictions.target,
        label=1 - predictions.label,
        probability=predictions.probability[:, ::-1],
        positive=1 - predictions.positive_code,
        classes=predictions.classes[::-1],
    )


def found(task: Task, *names: str) -> tuple[Metric, ...]:
    """Find metrics by name."""
    return tuple(find_metric(name, task) for name in names)


def naive(name: str, predictions: Predictions, rows: NDArray[Any]) -> float:
    """Give a metric on rows, some of them several times; NaN where it is not defined."""
    if not len(rows):
        return np.nan
    target, label = predictions.target[rows], predictions.label[rows]
    chance = None if predictions.probability is None else predictions.probability[rows]
    if predictions.task == "binary":
        assert chance is not None
        return _binary(name, *_as_positive(predictions, target, label, chance))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = float((_MULTICLASS | _OF_NUMBERS)[name](target, label, chance))
        except ValueError:
            return np.nan
    return value if np.isfinite(value) else np.nan


def _as_positive(predictions: Predictions, *of: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    code = predictions.positive_code
    target, label, chance = of
    return (target == code).astype(int), (label == code).astype(int), chance[:, code]


def _binary(name: str, y: NDArray[Any], label: NDArray[Any], p: NDArray[Any]) -> float:
    if name in ("roc_auc", "calibration_slope", "calibration_intercept") and len(set(y)) < 2:
        return np.nan
    if name == "average_precision" and not y.any():
        return np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(_BINARY[name](y, label, p))
    return value if np.isfinite(value) else np.nan


def _slope(y: NDArray[Any], p: NDArray[Any]) -> float:
    at = _logit(p)
    if at[y == 1].min() >= at[y == 0].max() or at[y == 1].max() <= at[y == 0].min():
        return np.nan
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000, solver="newton-cholesky")
    return float(model.fit(at[:, None], y).coef_[0, 0])


def _intercept(y: NDArray[Any], p: NDArray[Any]) -> float:
    from scipy.optimize import brentq

    at = _logit(p)
    return float(brentq(lambda a: (1 / (1 + np.exp(-a - at))).sum() - y.sum(), -60, 60, xtol=1e-13))


def _logit(p: NDArray[Any]) -> NDArray[Any]:
    kept = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)))


_Measure = Callable[..., float]
_LABELS: dict[str, _Measure] = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "matthews_corrcoef": sk.matthews_corrcoef,
    "adjusted_rand_score": sk.adjusted_rand_score,
}
for _kind, _of in (
    ("precision", sk.precision_score),
    ("recall", sk.recall_score),
    ("f1", sk.f1_score),
    ("jaccard", sk.jaccard_score),
):
    for _average in ("macro", "micro", "weighted"):
        _LABELS[f"{_kind}_{_average}"] = lambda y, label, f=_of, a=_average: f(y, label, average=a)

_BINARY: dict[str, _Measure] = {
    **{name: lambda y, label, p, f=of: f(y, label) for name, of in _LABELS.items()},
    "precision": lambda y, label, p: sk.precision_score(y, label),
    "recall": lambda y, label, p: sk.recall_score(y, label),
    "f1": lambda y, label, p: sk.f1_score(y, label),
    "jaccard": lambda y, label, p: sk.jaccard_score(y, label),
    "roc_auc": lambda y, label, p: sk.roc_auc_score(y, p),
    "average_precision": lambda y, label, p: sk.average_precision_score(y, p),
    "brier": lambda y, label, p: sk.brier_score_loss(y, p),
    "neg_brier_score": lambda y, label, p: -sk.brier_score_loss(y, p),
    "log_loss": lambda y, label, p: sk.log_loss(y, p, labels=[0, 1]),
    "neg_log_loss": lambda y, label, p: -sk.log_loss(y, p, labels=[0, 1]),
    "calibration_slope": lambda y, label, p: _slope(y, p),
    "calibration_intercept": lambda y, label, p: _intercept(y, p),
    "observed_expected": lambda y, label, p: y.sum() / p.sum(),
    "d2_brier_score": lambda y, label, p: sk.d2_brier_score(y, p),
}
_MULTICLASS: dict[str, _Measure] = {
    **{name: lambda y, label, p, f=of: f(y, label) for name, of in _LABELS.items()},
    "brier": lambda y, label, p: sk.brier_score_loss(y, p, labels=range(p.shape[1])),
    "log_loss": lambda y, label, p: sk.log_loss(y, p, labels=range(p.shape[1])),
    "roc_auc_ovr": lambda y, label, p: sk.roc_auc_score(y, p, multi_class="ovr"),
    "roc_auc_ovo": lambda y, label, p: sk.roc_auc_score(y, p, multi_class="ovo"),
    "roc_auc_ovr_weighted": lambda y, label, p: sk.roc_auc_score(
        y, p, multi_class="ovr", average="weighted"
    ),
    "roc_auc_ovo_weighted": lambda y, label, p: sk.roc_auc_score(
        y, p, multi_class="ovo", average="weighted"
    ),
    "top_k_accuracy": lambda y, label, p: sk.top_k_accuracy_score(y, p, labels=range(p.shape[1])),
}
_OF_NUMBERS: dict[str, _Measure] = {
    "rmse": lambda y, label, p: sk.root_mean_squared_error(y, label),
    "mae": lambda y, label, p: sk.mean_absolute_error(y, label),
    "bias": lambda y, label, p: (label - y).mean(),
    "r2": lambda y, label, p: sk.r2_score(y, label),
    "neg_root_mean_squared_error": lambda y, label, p: -sk.root_mean_squared_error(y, label),
    "neg_mean_squared_error": lambda y, label, p: -sk.mean_squared_error(y, label),
    "neg_mean_absolute_error": lambda y, label, p: -sk.mean_absolute_error(y, label),
    "neg_median_absolute_error": lambda y, label, p: -sk.median_absolute_error(y, label),
    "neg_max_error": lambda y, label, p: -sk.max_error(y, label),
    "explained_variance": lambda y, label, p: sk.explained_variance_score(y, label),
}
NAMES: dict[Task, Sequence[str]] = {
    "binary": tuple(_BINARY),
    "multiclass": tuple(_MULTICLASS),
    "regression": tuple(_OF_NUMBERS),
}
