"""Curves are scikit-learn's, with fewer points and the same shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_auc_score, roc_curve

from analysis.experiments.metrics.curves import POINTS, curves
from analysis.experiments.metrics.predictions import Floats
from analysis.experiments.metrics.thinning import thinned
from analysis.experiments.runs.record import Curve
from tests.experiments.predicted import Shape, made_up, turned

MANY = Shape(rows=20_000, blocks=50, digits=None)


def _named(found: tuple[Curve, ...], name: str) -> Curve:
    return next(curve for curve in found if curve.curve == name)


def _farthest(x: Floats, y: Floats, line: Curve) -> float:
    """Say how far the farthest of some points is from a line."""
    points = np.column_stack([x, y])
    begin = np.column_stack([line.x, line.y])
    along = np.diff(begin, axis=0)
    length = np.maximum((along**2).sum(axis=1), 1e-30)
    at = ((points[:, None] - begin[:-1]) * along).sum(axis=2) / length
    nearest = begin[:-1] + np.clip(at, 0, 1)[:, :, None] * along
    return float(np.sqrt(((points[:, None] - nearest) ** 2).sum(axis=2)).min(axis=1).max())


def test_few_points_are_all_of_them() -> None:
    """Where there are few points, only those on a straight line are left out."""
    predictions = made_up("binary", Shape(rows=60, digits=1))
    found = curves(predictions)
    assert [curve.curve for curve in found] == ["roc", "precision_recall", "calibration"]
    assert {curve.series for curve in found} == {"b"}
    assert predictions.probability is not None
    score = predictions.probability[:, 1]
    x, y, _ = roc_curve(predictions.target, score, drop_intermediate=False)
    roc = _named(found, "roc")
    assert _farthest(x, y, roc) < 2e-5
    precision, recall, _ = precision_recall_curve(predictions.target, score)
    line = _named(found, "precision_recall")
    assert {*zip(line.x[1:], line.y[1:], strict=True)} <= {
        *zip(np.round(recall, 5).tolist(), np.round(precision, 5).tolist(), strict=True)
    }


def test_many_points_keep_their_shape() -> None:
    """At most 200 points are left; no point of the whole line is far from them."""
    predictions = made_up("binary", MANY)
    found = curves(predictions)
    assert predictions.probability is not None
    score = predictions.probability[:, 1]
    roc = _named(found, "roc")
    assert len(roc.x) <= POINTS
    assert (roc.x[0], roc.y[0], roc.x[-1], roc.y[-1]) == (0, 0, 1, 1)
    x, y, _ = roc_curve(predictions.target, score)
    assert _farthest(x, y, roc) < 0.003
    area = np.trapezoid(roc.y, roc.x)
    assert area == pytest.approx(roc_auc_score(predictions.target, score), abs=1e-3)
    precision, recall, _ = precision_recall_curve(predictions.target, score)
    line = _named(found, "precision_recall")
    assert len(line.x) <= POINTS
    assert _farthest(recall, precision, line) < 0.003
    assert all(round(value, 5) == value for value in roc.y)
    assert curves(predictions) == found


def test_either_class_may_be_positive() -> None:
    """The place of the positive class does not matter."""
    predictions = made_up("binary", MANY)
    assert predictions.probability is not None
    exact = replace(predictions, probability=np.round(predictions.probability, 6))
    assert [c.y for c in curves(turned(exact))] == [c.y for c in curves(exact)]


def test_calibration_in_bins_of_as_many_rows() -> None:
    """Bins are of equal size; shares lie in intervals, those of blocks being the wider."""
    predictions = made_up("binary", MANY)
    found = _named(curves(predictions), "calibration")
    assert found.n is not None and found.low is not None and found.high is not None
    assert len(found.n) == 12 and sum(found.n) == 20_000
    assert max(found.n) - min(found.n) <= 1
    assert all(a <= y <= b for a, y, b in zip(found.low, found.y, found.high, strict=True))
    # On a day all or none are positive.
    draw = np.random.default_rng(0)
    same = draw.integers(0, 2, predictions.blocks)[predictions.block]
    days = replace(predictions, target=same)
    alone = replace(days, block=np.arange(20_000), blocks=20_000)
    wide, narrow = (_named(curves(p), "calibration") for p in (days, alone))
    assert _width(wide) > 5 * _width(narrow)


def _width(curve: Curve) -> float:
    return float(np.mean(np.subtract(curve.high, curve.low)))


def test_wilson_where_rows_are_independent() -> None:
    """Of 10 rows none of which is positive, the true share may be up to 0.2775."""
    predictions = made_up("binary", Shape(rows=10))
    half = np.full((10, 2), 0.5)
    predictions = replace(
        predictions, target=np.zeros(10, int), probability=half, block=np.arange(10), blocks=10
    )
    (found,) = curves(predictions)
    assert (found.curve, found.x, found.y, found.n) == ("calibration", (0.5,), (0.0,), (10,))
    assert found.low == (0.0,)
    assert found.high == (pytest.approx(0.27753, abs=1e-4),)


def test_each_class_against_the_others() -> None:
    """With several classes each has its curves."""
    found = curves(made_up("multiclass", Shape(classes=4)))
    assert [curve.series for curve in found] == [name for name in "abcd" for _ in range(3)]


def test_numbers_by_deciles() -> None:
    """A regression has what was observed by tenths of what was predicted."""
    predictions = made_up("regression", Shape(rows=1000))
    (found,) = curves(predictions)
    assert (found.curve, found.series, found.n) == ("calibration", "value", (100,) * 10)
    order = np.argsort(predictions.label)
    first = predictions.target[order[:100]].mean()
    assert found.y[0] == pytest.approx(first, abs=1e-5)


def test_what_there_is_nothing_of() -> None:
    """Labels alone have no curves; rows of no fold do not count."""
    predictions = made_up("binary")
    assert curves(replace(predictions, probability=None)) == ()
    assert curves(replace(predictions, fold=np.zeros(240, int))) == ()
    decision = np.linspace(-1, 1, 240)
    ranked = curves(replace(predictions, probability=None, decision=decision))
    assert [curve.curve for curve in ranked] == ["roc", "precision_recall"]
    assert predictions.probability is not None
    missing = np.where(np.arange(240)[:, None] < 120, np.nan, predictions.probability)
    fold = np.where(np.arange(240) < 120, 0, predictions.fold)
    half = replace(predictions, fold=fold, probability=missing)
    calibration = _named(curves(half), "calibration")
    assert calibration.n is not None and sum(calibration.n) == 120


def test_thinning_a_straight_line() -> None:
    """Its ends are all that is needed; so they are of a single point."""
    x = np.linspace(0, 1, 50)
    assert thinned(x, 2 * x, 10).tolist() == [0, 49]
    assert thinned(x[:1], x[:1], 10).tolist() == [0]
    bent = np.where(x < 0.5, 0, x)
    assert len(thinned(x, bent, 10)) == 4
    around = np.concatenate([x, x[::-1]])
    assert len(thinned(around, np.abs(around - 0.5), 10)) <= 10
