"""Champion against challenger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.experiments.metrics.predictions import Floats
from analysis.monitoring.estimating.blocks import enough, student, weights
from analysis.monitoring.estimating.daily import Daily
from analysis.monitoring.estimating.looks import looked_factor, rows_still_needed
from analysis.monitoring.estimating.performance import redrawn, values

# Metrics that are compared, and which way they are better.
HIGHER = {
    "auc": True,
    "average_precision": True,
    "accuracy": True,
    "recall": True,
    "precision": True,
    "brier": False,
    "log_loss": False,
    "mae": False,
    "rmse": False,
}


@dataclass(frozen=True)
class Compared:
    """A metric of the challenger less that of the champion, on the same days.

    ``low`` and ``high`` hold at all looks together; ``better`` is the chance of the challenger
    being better, as of this look alone; ``needed`` are rows that are missing to see the difference.
    """

    metric: str
    difference: float
    champion: float
    low: float | None
    high: float | None
    better: float | None
    needed: int | None


def compare(champion: Daily, challenger: Daily, least: float | None = None) -> tuple[Compared, ...]:
    """Compare two arms, whose days are the same ones in the same order.

    Only days on which both have labels count. Days are drawn for both together, so that what a day
    does to both is no difference. ``least`` is the smallest difference that matters.
    """
    both = (champion.sums["labelled"] > 0) & (challenger.sums["labelled"] > 0)
    first, second = champion.of_days(both), challenger.of_days(both)
    found, others = values(first), values(second)
    names = [name for name in HIGHER if name in found and name in others]
    if not enough(first.days):
        return tuple(_told(name, found[name], others[name]) for name in names)
    weighted = weights(first.days)
    mine, its = redrawn(first, weighted), redrawn(second, weighted)
    size = first.days, int(min(first.sums["labelled"].sum(), second.sums["labelled"].sum()))
    return tuple(
        _judged(_told(name, found[name], others[name]), its[name] - mine[name], size, least)
        for name in names
    )


def _told(name: str, champion: float, challenger: float) -> Compared:
    return Compared(name, challenger - champion, champion, None, None, None, None)


def _judged(
    compared: Compared, drawn: Floats, size: tuple[int, int], least: float | None
) -> Compared:
    days, rows = size
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 2:
        return compared
    error = float(drawn.std(ddof=1)) * float(np.sqrt(days / (days - 1)))
    half = looked_factor(days) * student(days) * error
    gap = compared.difference
    wins = (drawn > 0) if HIGHER[compared.metric] else (drawn < 0)
    ties = drawn == 0
    better = (float(wins.sum()) + float(ties.sum()) / 2 + 0.5) / (len(drawn) + 1)
    needed = rows_still_needed(gap, error, rows, least)
    return Compared(compared.metric, gap, compared.champion, gap - half, gap + half, better, needed)
