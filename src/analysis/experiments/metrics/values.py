"""The values of metrics in each fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.experiments.metrics import losses, recalibration
from analysis.experiments.metrics.metric import OWN, Metric
from analysis.experiments.metrics.predictions import Codes, Floats, Predictions

Values = Mapping[str, tuple[float | None, ...]]
_OfRows = Callable[[Codes], float]


def fold_values(metrics: Sequence[Metric], predictions: Predictions) -> Values:
    """Give each metric in each fold, exactly; scikit-learn's are its own numbers.

    Rows are ranked by probabilities where there are any, so that candidates can be compared; its
    ``average_precision`` of several classes ranks by decisions where an estimator has both.
    ``None`` where it is not defined: for all folds if it is one of probabilities and there are
    none, for one fold if that has a single class, or no rows.
    """
    folds = list(predictions.rows_by_fold())
    return {metric.name: _by_fold(metric, predictions, folds) for metric in metrics}


def _by_fold(
    metric: Metric, predictions: Predictions, folds: list[Codes]
) -> tuple[float | None, ...]:
    measure = (
        _own(metric.name, predictions) if metric.name in OWN else _foreign(metric, predictions)
    )
    if measure is None:
        return (None,) * len(folds)
    found = (measure(rows) if len(rows) else np.nan for rows in folds)
    return tuple(float(value) if np.isfinite(value) else None for value in found)


def _foreign(metric: Metric, predictions: Predictions) -> _OfRows:
    from analysis.experiments.metrics.scorers import Scored

    scored = Scored(metric.name, predictions)
    if metric.name != "average_precision" or predictions.task != "binary":
        return scored.value
    # Without positives scikit-learn says 0, though there is no recall.
    positive = predictions.is_positive()
    return lambda rows: scored.value(rows) if positive[rows].any() else np.nan


def _own(name: str, predictions: Predictions) -> _OfRows | None:
    if name in _MEANS:
        return _mean(_MEANS[name](predictions), np.sqrt if name == "rmse" else None)
    chance = predictions.chance()
    if chance is None:
        return None
    positive = predictions.is_positive()
    if name == "observed_expected":
        return lambda rows: _ratio(float(positive[rows].sum()), float(chance[rows].sum()))
    fit = getattr(recalibration, name.removeprefix("calibration_"))
    at = recalibration.logit(chance)

    def recalibrated(rows: Codes) -> float:
        hit = positive[rows].astype(np.float64)
        return float(fit(at[rows], hit[None], 1 - hit[None])[0])

    return recalibrated


_MEANS: dict[str, Callable[[Predictions], Floats | None]] = {
    "brier": losses.brier,
    "log_loss": losses.log_loss,
    "rmse": losses.squared,
    "mae": losses.absolute,
    "bias": losses.error,
}


def _mean(loss: Floats | None, then: Callable[[float], float] | None) -> _OfRows | None:
    if loss is None:
        return None
    if then is None:
        return lambda rows: float(loss[rows].mean())
    return lambda rows: float(then(loss[rows].mean()))


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else np.nan
