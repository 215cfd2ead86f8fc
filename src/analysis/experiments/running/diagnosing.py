"""Looking into a fitted candidate: its score, by iteration, and with a column shuffled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.candidates.answers import prepared
from analysis.experiments.metrics.metric import find_metric
from analysis.experiments.metrics.values import fold_values
from analysis.experiments.running.outcome import Outcome
from analysis.experiments.running.predicting import Fitted, as_predictions
from analysis.experiments.running.tasks import Setting

# Points of the curve by iteration.
MOST_POINTS = 25
# Of the training rows so many are scored, by chance.
MOST_ROWS = 20_000

Array = NDArray[Any]


def score(setting: Setting, fitted: Fitted, places: Array) -> float | None:
    """Give the deciding metric on the rows at these places, of which some stand for many."""
    some = _some(places, MOST_ROWS, setting.seed)
    return _deciding(setting, some, fitted.predict(some))


def by_iteration(setting: Setting, fitted: Fitted, places: Array) -> list[list[float | None]]:
    """Give the deciding metric after some iterations, where the estimator tells: number, value."""
    last = fitted.estimator[-1]
    found = "staged_predict" if setting.task == "regression" else "staged_predict_proba"
    stages = getattr(last, found, None)
    if stages is None:
        return []
    some = _some(places, MOST_ROWS, setting.seed)
    frame = prepared(fitted.estimator, fitted.frame(some))
    total = _iterations(last)
    wanted = {int(n) for n in np.unique(np.geomspace(1, total, MOST_POINTS).round())}
    points: list[list[float | None]] = []
    for number, predicted in enumerate(stages(frame), 1):
        if number in wanted:
            if setting.task == "regression":
                value = _deciding(setting, some, Outcome(np.asarray(predicted, float)))
            else:
                p = fitted.probabilities(predicted)
                label = np.argmax(p, axis=1).astype(np.int32)
                value = _deciding(setting, some, Outcome(label, p))
            points.append([number, value])
    return points


def _iterations(estimator: Any) -> int:
    for name in ("n_iter_", "n_estimators_", "n_estimators"):
        if isinstance(count := getattr(estimator, name, None), int | np.integer) and count > 0:
            return int(count)
    return len(getattr(estimator, "estimators_", ())) or 1


def importance(setting: Setting, fitted: Fitted, places: Array) -> list[list[Any]]:
    """Give, by column, what the deciding metric loses when it is shuffled: mean, low, high.

    Breiman (2001): the values of one column are permuted among the rows; low and high are the
    least and the most of the repeats. A metric that is best low grows, so its sign is turned.
    """
    some = _some(places, setting.diagnosis.rows, setting.seed)
    frame = fitted.frame(some)
    whole = _deciding(setting, some, fitted.predict_frame(frame))
    sign = 1.0 if find_metric(setting.judging.metrics[0], setting.task).best == "high" else -1.0
    random = np.random.default_rng(setting.seed)
    found = []
    for name in frame.columns:
        losses = []
        for _ in range(setting.diagnosis.repeats):
            shuffled = frame.assign(
                **{name: frame[name].array.take(random.permutation(len(frame)))}
            )
            value = _deciding(setting, some, fitted.predict_frame(shuffled))
            if whole is not None and value is not None:
                losses.append(sign * (whole - value))
        if losses:
            found.append([str(name), float(np.mean(losses)), min(losses), max(losses)])
    return found


def _deciding(setting: Setting, places: Array, found: Outcome) -> float | None:
    metric = find_metric(setting.judging.metrics[0], setting.task)
    return fold_values([metric], as_predictions(setting, places, found))[metric.name][0]


def _some(places: Array, most: int, seed: int) -> Array:
    if len(places) <= most:
        return places
    return np.sort(np.random.default_rng(seed).choice(places, most, replace=False))
