"""How much the best candidate flatters itself, as it was chosen on the folds that judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.experiments.comparing.order import leader_of
from analysis.experiments.runs.record import Run


@dataclass(frozen=True)
class SelectionBias:
    """The best of ``candidates`` by ``metric``: its ``value``, and what that is without ``bias``.

    ``bias`` is never below nought, whichever way the metric is best.
    """

    metric: str
    value: float
    bias: float
    corrected: float
    candidates: int


def selection_bias(runs: Sequence[Run], metric: str) -> SelectionBias | None:
    """Estimate how much better the best of ``runs`` by ``metric`` looks than it is.

    Tibshirani and Tibshirani (2009), "A bias correction for the minimum error rate in
    cross-validation": the mean over folds of how far the best run is behind the fold's own best.
    Runs with other folds than the best are left out. ``None`` if there are not two to choose from,
    or where a value is missing in a fold of the best.
    """
    best = leader_of(runs, metric)
    first = best.metric(metric) if best else None
    if best is None or first is None or first.value is None:
        return None
    same = [run for run in runs if run.split.digest == best.split.digest and run.metric(metric)]
    sign = 1.0 if first.best == "high" else -1.0
    table = np.array([[fold.metrics.get(metric) for fold in run.folds] for run in same], float)
    its = table[same.index(best)]
    if len(same) < 2 or not np.isfinite(its).all():
        return None
    behind = np.nanmax(sign * table, axis=0) - sign * its
    bias = float(behind.mean())
    return SelectionBias(metric, first.value, bias, first.value - sign * bias, len(same))
