"""What performance is to be expected, from scores alone, before labels come.

Confidence-based performance estimation: if a score of 0.3 comes true in 3 of 10 rows, the scores
say how often the model is right (Guillory et al. 2021; Kivimäki et al. 2025, "Confidence-based
estimators for predictive performance in model monitoring"). It says nothing of calibration, on
which it rests: so its interval is from how far such estimates were off in the training data.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import entr

from analysis.experiments.metrics.draws import FEWEST
from analysis.experiments.metrics.means import ratio
from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.metrics.ranks import roc_auc
from analysis.monitoring.estimating.blocks import student
from analysis.monitoring.estimating.daily import Scores
from analysis.monitoring.estimating.floors import runs_of_days
from analysis.monitoring.estimating.performance import Interval

_CELLS = 100
_FEWEST_RUNS = 4
_DRAWS = 400
_PERCENTILE = 95
_LIMITS = {"log_loss": np.inf}
IF_CALIBRATED = "interval if calibrated: too few labelled days in training to tell how far off"


def from_counts(
    score: Floats, positive: Floats, negative: Floats, threshold: float
) -> Mapping[str, Floats]:
    """Give metrics of rows in cells of the score (the last axis), of which so many came true."""
    rows = positive + negative
    total = rows.sum(axis=-1)
    flagged = score >= threshold
    hits, taken = positive[..., flagged].sum(axis=-1), rows[..., flagged].sum(axis=-1)
    correct = hits + negative[..., ~flagged].sum(axis=-1)
    kept = np.clip(score, 1e-15, 1 - 1e-15)
    brier = positive * (1 - score) ** 2 + negative * score**2
    loss = -positive * np.log(kept) - negative * np.log1p(-kept)
    return {
        "base_rate": ratio(positive.sum(axis=-1), total),
        "accuracy": ratio(correct, total),
        "brier": ratio(brier.sum(axis=-1), total),
        "log_loss": ratio(loss.sum(axis=-1), total),
        "recall": ratio(hits, positive.sum(axis=-1)),
        "precision": ratio(hits, taken),
        "auc": roc_auc(positive, negative),
    }


def estimates(scores: Scores, threshold: float) -> Mapping[str, float]:
    """Give the estimate of each metric for all rows of ``scores``, labelled or not."""
    rows = scores.rows.sum(axis=0)
    score = ratio(scores.score.sum(axis=0), rows)
    there = rows > 0
    rows, score = rows[there], score[there]
    found = from_counts(score, rows * score, rows * (1 - score), threshold)
    # The mean over draws of labels of -log is the entropy; the Brier score is like it.
    named = {name: float(value) for name, value in found.items() if np.isfinite(value)}
    if rows.sum() > 0:
        named["log_loss"] = float((rows * (entr(score) + entr(1 - score))).sum() / rows.sum())
    return named


def estimate_intervals(
    scores: Scores, training: Scores | None, threshold: float, length: int
) -> tuple[Mapping[str, Interval], str | None]:
    """Give intervals in which what comes true is to be expected, and a note on them.

    They are made from how far estimates were from what came true in runs of ``length`` days of
    the training rows, whose scores are of models that had not seen them.
    """
    found = estimates(scores, threshold)
    rows = int(scores.rows.sum())
    off = _errors(training, threshold, length, rows) if training is not None else None
    wider, note = 1.0, None
    if off is None or training is None:
        off, note = _chance_errors(scores, threshold), IF_CALIBRATED
    else:
        # Runs overlap: there is no more to learn from them than from as many as lie side by side.
        wider = student(max(_FEWEST_RUNS, len(training.rows) // length))
    return {
        name: ends
        for name, value in found.items()
        if name in off and (ends := _around(value, wider * off[name], _LIMITS.get(name, 1.0)))
    }, note


def _around(value: float, off: Floats, most: float) -> Interval | None:
    off = np.abs(off[np.isfinite(off)])
    if len(off) < FEWEST:
        return None
    # To both sides: training is short, and the side to which it was off says little.
    half = float(np.percentile(off, _PERCENTILE))
    return max(value - half, 0.0), min(value + half, most)


def _errors(
    training: Scores, threshold: float, length: int, rows: int
) -> Mapping[str, Floats] | None:
    if not training.positive.any():
        return None
    thin = training.thinned(_CELLS)
    positive = runs_of_days(thin.positive, length)
    negative = runs_of_days(thin.labelled, length) - positive
    expected = runs_of_days(thin.expected, length)
    if not len(positive):
        return None
    score = ratio(thin.expected.sum(axis=0), thin.labelled.sum(axis=0))
    score = np.where(np.isfinite(score), score, 0.0)
    counted = np.concatenate([positive, negative], axis=1)
    drawn = _resampled(counted, rows)
    cells = len(score)
    true = from_counts(score, drawn[:, :cells], drawn[:, cells:], threshold)
    said = from_counts(score, expected, positive + negative - expected, threshold)
    return {name: true[name] - said[name] for name in true}


def _resampled(counted: Floats, rows: int) -> Floats:
    """Draw as many rows as the period has, if these are fewer than the run of days has."""
    totals = counted.sum(axis=1)
    if rows >= totals.min() or not totals.all():
        return counted
    drawn = np.random.default_rng(0).multinomial(rows, counted / totals[:, None])
    return np.asarray(drawn, np.float64)


def _chance_errors(scores: Scores, threshold: float) -> Mapping[str, Floats]:
    """Draw labels as the scores say; how far what they give is from the estimate."""
    thin = scores.thinned(_CELLS)
    rows = np.round(thin.rows.sum(axis=0))
    score = np.clip(ratio(thin.score.sum(axis=0), rows), 0.0, 1.0)
    rows, score = rows[rows > 0], score[rows > 0]
    draws = np.random.default_rng(0).binomial(rows.astype(np.int64), score, (_DRAWS, len(rows)))
    true = from_counts(score, draws.astype(np.float64), rows - draws, threshold)
    said = from_counts(score, rows * score, rows * (1 - score), threshold)
    return {name: true[name] - said[name] for name in true}
