"""Metrics that follow from sums over rows, in draws of blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.experiments.metrics import losses
from analysis.experiments.metrics.predictions import Floats, Predictions
from analysis.experiments.metrics.totals import Drawn, Tables

Redrawn = Callable[[Drawn], Floats]
_Loss = Callable[[Predictions], Floats | None]


@dataclass(frozen=True)
class _Mean:
    """The mean of a loss, then a function of that."""

    loss: _Loss
    then: Callable[[Floats], Floats] = lambda mean: mean


def _negative(mean: Floats) -> Floats:
    return -mean


def _negative_root(mean: Floats) -> Floats:
    return np.asarray(-np.sqrt(mean), np.float64)


_MEANS: dict[str, _Mean] = {
    "accuracy": _Mean(losses.correct),
    "brier": _Mean(losses.brier),
    "log_loss": _Mean(losses.log_loss),
    "rmse": _Mean(losses.squared, np.sqrt),
    "mae": _Mean(losses.absolute),
    "bias": _Mean(losses.error),
    "neg_brier_score": _Mean(losses.brier, _negative),
    "neg_log_loss": _Mean(losses.log_loss, _negative),
    "neg_mean_absolute_error": _Mean(losses.absolute, _negative),
    "neg_mean_squared_error": _Mean(losses.squared, _negative),
    "neg_root_mean_squared_error": _Mean(losses.squared, _negative_root),
}


def redrawn(name: str, tables: Tables) -> Redrawn | None:
    """Give a function from draws to the metric in each draw and fold; ``None`` if it is another."""
    if name in _MEANS:
        return _mean(_MEANS[name], tables)
    if name == "observed_expected":
        return _observed_expected(tables)
    return _r2(tables) if name == "r2" else None


def nothing(drawn: Drawn) -> Floats:
    """Give a value to no draw; it stands for each fold."""
    return np.full((len(drawn.weights), 1), np.nan)


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide; NaN by nought."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _mean(mean: _Mean, tables: Tables) -> Redrawn:
    loss = mean.loss(tables.predictions)
    if loss is None:
        return nothing
    total = tables.once(mean.loss, lambda: tables.sums(loss))
    rows = tables.once("rows", lambda: tables.sums(None))
    return lambda drawn: mean.then(ratio(drawn.total(total), drawn.total(rows)))


def _observed_expected(tables: Tables) -> Redrawn:
    chance = losses.expected(tables.predictions)
    if chance is None:
        return nothing
    expected = tables.sums(chance)
    observed = tables.sums(losses.observed(tables.predictions))
    return lambda drawn: ratio(drawn.total(observed), drawn.total(expected))


def _r2(tables: Tables) -> Redrawn:
    predictions = tables.predictions
    target = predictions.target.astype(np.float64)
    target = target - target.mean() if len(target) else target
    wrong = tables.once(losses.squared, lambda: tables.sums(losses.squared(predictions)))
    rows = tables.once("rows", lambda: tables.sums(None))
    first, second = tables.sums(target), tables.sums(target**2)

    def drawn_r2(drawn: Drawn) -> Floats:
        n, squares, error = drawn.total(rows), drawn.total(second), drawn.total(wrong)
        around = squares - ratio(drawn.total(first) ** 2, n)
        # A constant target: 1 if it is predicted, else 0, as scikit-learn says.
        constant = around <= 1e-12 * squares
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(constant, (error == 0).astype(np.float64), 1 - error / around)
        return np.where(n >= 2, value, np.nan)

    return drawn_r2
