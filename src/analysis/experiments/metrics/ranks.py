"""Metrics that follow from the order of scores, in draws of blocks.

Rows are counted by bins of the score. Up to a thousand different scores each have a bin, and
nothing is lost. More are put into five hundred bins of about as many rows, within which their order
is lost: that shifts the metric, which the bootstrap takes out again, and changes its differences
between draws by a few hundredths of their spread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import combinations

import numpy as np

from analysis.experiments.metrics import recalibration
from analysis.experiments.metrics.means import Redrawn, nothing, ratio
from analysis.experiments.metrics.predictions import Codes, Floats, Predictions
from analysis.experiments.metrics.totals import Drawn, Table, Tables

_EXACT = 1000
_BINS = 500
# With many classes each bin is one of many cells, of which there may be so many.
_CELLS = 6000


def redrawn(name: str, tables: Tables) -> Redrawn | None:
    """Give a function from draws to the metric in each draw and fold; ``None`` if it is another."""
    predictions = tables.predictions
    if name.startswith("calibration_"):
        return _recalibrated(name.removeprefix("calibration_"), tables)
    if not name.startswith(("roc_auc", "average_precision")):
        return None
    scores = predictions.scores()
    if scores is None or (name != "roc_auc" and name.startswith("roc_auc") and not _sure(tables)):
        return nothing
    if predictions.task == "binary":
        measure = average_precision if name == "average_precision" else roc_auc
        return lambda drawn: measure(*_binary(drawn, tables))
    if name == "average_precision":
        return lambda drawn: _mean_precision(_by_class(drawn, tables, scores))
    kind = _one_against_one if "ovo" in name else _one_against_rest
    return lambda drawn: kind(_by_class(drawn, tables, scores), name.endswith("weighted"))


def _sure(tables: Tables) -> bool:
    """Say whether there are probabilities, which scikit-learn wants for more than two classes."""
    return tables.predictions.probability is not None


def roc_auc(positive: Floats, negative: Floats) -> Floats:
    """Give the area under the ROC curve from counts by bin, lowest first; NaN for one class."""
    below = np.cumsum(negative, axis=-1) - negative / 2
    pairs = positive.sum(axis=-1) * negative.sum(axis=-1)
    return ratio((positive * below).sum(axis=-1), pairs)


def average_precision(positive: Floats, negative: Floats) -> Floats:
    """Give the mean of precision over steps of recall from counts by bin; NaN without positives."""
    found = np.cumsum(positive[..., ::-1], axis=-1)
    taken = found + np.cumsum(negative[..., ::-1], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(taken > 0, found / taken, 0.0)
    return ratio((positive[..., ::-1] * precision).sum(axis=-1), positive.sum(axis=-1))


def bins_of(score: Floats, fold: Codes, folds: int, classes: int) -> tuple[Codes, int]:
    """Put scores into bins within each fold; equal ones share a bin. Also says how many bins."""
    exact, most = (max(50, min(bins, _CELLS // classes)) for bins in (_EXACT, _BINS))
    found = np.zeros(len(score), np.int64)
    for number in range(1, folds + 1):
        rows = fold == number
        values, place, counts = np.unique(score[rows], return_inverse=True, return_counts=True)
        if len(values) > exact:
            before = np.cumsum(counts) - counts
            place = (before * most // counts.sum())[place]
        found[rows] = place
    return found, int(found.max(initial=0)) + 1


def _counted(tables: Tables, score: Floats, truth: Codes, classes: int) -> tuple[Codes, Table]:
    p = tables.predictions
    place, bins = bins_of(score, p.fold, p.folds, classes)
    return place, tables.counts(truth * bins + place, (classes, bins))


def _binary(drawn: Drawn, tables: Tables) -> tuple[Floats, Floats]:
    counts = drawn.total(_binary_table(tables)[1])
    return counts[:, :, 1], counts[:, :, 0]


def _binary_table(tables: Tables) -> tuple[Codes, Table]:
    p = tables.predictions
    scores = p.scores()
    assert scores is not None
    truth = p.is_positive().astype(np.int64)
    return tables.once("ranks", lambda: _counted(tables, scores[:, 0], truth, 2))


def _by_class(drawn: Drawn, tables: Tables, scores: Floats) -> Iterator[Floats]:
    """Count the rows of each class by bins of the score of each class: (draws, folds, of, bins).

    With many classes these are many numbers, so that they are given one class at a time.
    """
    truth, classes = tables.predictions.target.astype(np.int64), scores.shape[1]

    def table(code: int) -> Table:
        return _counted(tables, scores[:, code], truth, classes)[1]

    for code in range(classes):
        yield drawn.fresh(tables.once(("ranks", code), partial(table, code)))


def _one_against_rest(counts: Iterable[Floats], weighted: bool) -> Floats:
    areas, shares = [], []
    for code, by in enumerate(counts):
        positive = by[:, :, code]
        areas.append(roc_auc(positive, by.sum(axis=2) - positive))
        shares.append(positive.sum(axis=-1))
    return _averaged(areas, shares, weighted)


def _one_against_one(counts: Iterable[Floats], weighted: bool) -> Floats:
    """Average over pairs of classes, each ranked by the scores of both (Hand and Till 2001)."""
    ranked, sizes = [], []
    for code, by in enumerate(counts):
        ranked.append(roc_auc(by[:, :, [code]], by))
        sizes.append(by[:, :, code].sum(axis=-1))
    pairs = list(combinations(range(len(sizes)), 2))
    areas = [(ranked[a][:, :, b] + ranked[b][:, :, a]) / 2 for a, b in pairs]
    return _averaged(areas, [sizes[a] + sizes[b] for a, b in pairs], weighted)


def _averaged(values: list[Floats], weights: list[Floats], weighted: bool) -> Floats:
    if not weighted:
        return np.asarray(np.mean(values, axis=0), np.float64)
    return ratio(np.multiply(values, weights).sum(axis=0), np.sum(weights, axis=0))


def _mean_precision(counts: Iterable[Floats]) -> Floats:
    found = [
        average_precision(by[:, :, c], by.sum(axis=2) - by[:, :, c]) for c, by in enumerate(counts)
    ]
    return np.asarray(np.mean(found, axis=0), np.float64)


def _recalibrated(name: str, tables: Tables) -> Redrawn:
    chance = tables.predictions.chance()
    if chance is None:
        return nothing
    fit = getattr(recalibration, name)
    place, _ = _binary_table(tables)
    at = tables.once("logits", lambda: _mean_logits(tables.predictions, chance, place))

    def drawn_fit(drawn: Drawn) -> Floats:
        positive, negative = _binary(drawn, tables)
        return np.asarray(fit(at, positive, negative), np.float64)

    return drawn_fit


def _mean_logits(predictions: Predictions, chance: Floats, place: Codes) -> Floats:
    """Give the mean logit of each fold and bin; those of no row are like the fold's first."""
    bins = int(place.max(initial=0)) + 1
    kept = predictions.fold > 0
    cell = (predictions.fold[kept].astype(np.int64) - 1) * bins + place[kept]
    size = predictions.folds * bins
    rows = np.bincount(cell, minlength=size)
    sums = np.bincount(cell, recalibration.logit(chance[kept]), minlength=size)
    means = np.divide(sums, rows, out=np.full(size, np.nan), where=rows > 0)
    means = means.reshape(predictions.folds, bins)
    return np.asarray(np.where(np.isnan(means), means[:, :1], means), np.float64)
