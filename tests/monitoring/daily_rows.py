"""Random predictions by day, as rows and as the sums that are kept of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.experiments.metrics.predictions import Floats
from analysis.monitoring.estimating.daily import Daily, Scores


@dataclass(frozen=True)
class Rows:
    """Predictions of rows, with what came true, by day."""

    day: Floats
    score: Floats
    label: Floats


def random_rows(seed: int, days: int = 30, each: int = 60, wobble: float = 0.4) -> Rows:
    """Draw rows whose scores are off by a shift of the logit that all rows of a day share."""
    generator = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), each).astype(float)
    logit = generator.normal(-0.5, 1.0, len(day))
    shift = generator.normal(0, wobble, days)[day.astype(int)]
    score = np.floor(1000 / (1 + np.exp(-logit))) / 1000 + 0.0005
    label = (generator.random(len(day)) < 1 / (1 + np.exp(-logit - shift))).astype(float)
    return Rows(day, score, label)


def daily(rows: Rows, threshold: float = 0.5, days: int | None = None) -> Daily:
    """Sum rows by day and cell, as monitoring does."""
    days = days or int(rows.day.max()) + 1
    p, y = rows.score, rows.label
    flagged = p >= threshold
    columns = {
        "rows": np.ones(len(p)),
        "labelled": np.ones(len(p)),
        "score": p,
        "expected": p,
        "label": y,
        "brier": (p - y) ** 2,
        "log_loss": -np.log(np.where(y == 1, p, 1 - p)),
        "correct": flagged == (y == 1),
        "flagged": flagged,
        "hits": flagged & (y == 1),
    }
    day = rows.day.astype(int)
    sums = {
        name: np.bincount(day, values.astype(float), minlength=days)
        for name, values in columns.items()
    }
    return Daily(sums, _scores(rows, days))


def _scores(rows: Rows, days: int) -> Scores:
    cell = np.floor(rows.score * 1000).astype(int)
    place = rows.day.astype(int) * 1000 + cell

    def table(values: Floats) -> Floats:
        return np.bincount(place, values, minlength=days * 1000).reshape(days, 1000)

    counts, sums = table(np.ones(len(cell))), table(rows.score)
    return Scores(counts, sums, counts, sums, table(rows.label))
