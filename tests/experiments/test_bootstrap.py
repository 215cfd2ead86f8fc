"""Fast draws of blocks give what repeated rows and scikit-learn give."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from analysis.experiments.metrics.bootstrap import replicates
from analysis.experiments.metrics.draws import draw
from analysis.experiments.metrics.predictions import Floats, Predictions
from analysis.experiments.metrics.values import fold_values
from analysis.experiments.runs.record import Task
from tests.experiments.predicted import NAMES, Shape, found, made_up, naive, turned

DRAWS = 8


def _naive(name: str, predictions: Predictions, seed: int) -> Floats:
    """Repeat the rows of each drawn block, and average over folds that are defined undrawn."""
    rows = np.arange(len(predictions.fold))
    folds = [rows[predictions.fold == f] for f in range(1, predictions.folds + 1)]
    folds = [fold for fold in folds if np.isfinite(naive(name, predictions, fold))]
    return np.array(
        [
            np.mean(
                [
                    naive(name, predictions, np.repeat(fold, weights[predictions.block[fold]]))
                    for fold in folds
                ]
            )
            for many in draw(predictions.blocks, DRAWS, seed)
            for weights in many
        ]
    )


SHAPES = {
    "ties": Shape(digits=1),
    "no ties": Shape(digits=None),
    "tiny folds": Shape(rows=30, blocks=6, folds=3),
    "few classes in a fold": Shape(rows=40, blocks=40, folds=8, classes=4),
    "rows are blocks": Shape(rows=120, blocks=4000),
    "probabilities of 0 and 1": Shape(digits=0, spread=4.0),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("task", get_args(Task))
def test_draws_are_as_if_rows_were_repeated(task: Task, shape: Shape) -> None:
    """Each fast path agrees with scikit-learn, undefined draws included."""
    predictions = made_up(task, shape)
    metrics = found(task, *NAMES[task])
    fast = replicates(metrics, predictions, DRAWS, 3)
    assert fast.shape == (DRAWS, len(metrics))
    for column, metric in enumerate(metrics):
        slow = _naive(metric.name, predictions, 3)
        np.testing.assert_allclose(fast[:, column], slow, 1e-6, 1e-9, err_msg=metric.name)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "calibration_slope"])
def test_bins_of_many_scores_hardly_differ(name: str) -> None:
    """With more scores than bins, what is lost is far less than what the draws vary by."""
    predictions = made_up("binary", Shape(rows=20_000, blocks=60, digits=None))
    fast = replicates(found("binary", name), predictions, DRAWS, 3)[:, 0]
    slow = _naive(name, predictions, 3)
    assert np.abs(fast - slow).max() < 0.1 * slow.std()


def test_constant_targets_and_predictions() -> None:
    """A constant target has the r² that scikit-learn says, in draws too."""
    predictions = made_up("regression", Shape(rows=60, blocks=12))
    block = predictions.block
    # In two folds of three the target varies between blocks only, in one not at all.
    target = np.where(block % 3 == 0, 5.0, np.floor(block / 3))
    label = np.where(block % 3 == 0, 5.0, predictions.label)
    for given in (label, np.full(60, 2.5), target):
        changed = replace(predictions, target=target, label=given)
        fast = replicates(found("regression", "r2"), changed, DRAWS, 3)[:, 0]
        np.testing.assert_allclose(fast, _naive("r2", changed, 3), 1e-9, 1e-9)


def test_a_model_that_says_the_same_of_all() -> None:
    """A constant score ranks nothing, and has no slope; the rest is there."""
    predictions = made_up("binary")
    half = replace(predictions, probability=np.full((240, 2), 0.5), label=np.zeros(240, int))
    names = ("roc_auc", "calibration_slope", "calibration_intercept", "f1", "matthews_corrcoef")
    drawn = replicates(found("binary", *names), half, DRAWS, 3)
    assert (drawn[:, 0] == 0.5).all()
    assert np.isnan(drawn[:, 1]).all()
    assert np.isfinite(drawn[:, 2]).all()
    assert (drawn[:, 3:] == 0).all()


def test_labels_alone() -> None:
    """Without probabilities, what needs them is missing from all draws."""
    predictions = replace(made_up("binary"), probability=None)
    names = ("brier", "roc_auc", "calibration_intercept", "observed_expected", "accuracy")
    drawn = replicates(found("binary", *names), predictions, DRAWS, 3)
    assert np.isnan(drawn[:, :4]).all() and np.isfinite(drawn[:, 4]).all()
    several = replace(made_up("multiclass"), probability=None)
    drawn = replicates(found("multiclass", "roc_auc_ovr", "log_loss"), several, DRAWS, 3)
    assert np.isnan(drawn).all()


def test_decisions_rank_rows() -> None:
    """A decision ranks as the probability that it is the logarithm of the odds of."""
    predictions = made_up("binary", Shape(digits=2))
    assert predictions.probability is not None
    p = predictions.probability[:, 1]
    metrics = found("binary", "roc_auc", "average_precision")
    decided = replace(predictions, probability=None, decision=p**3)
    expected = replicates(metrics, predictions, DRAWS, 3)
    np.testing.assert_allclose(replicates(metrics, decided, DRAWS, 3), expected)
    other = replace(turned(predictions), probability=None, decision=-(p**3))
    np.testing.assert_allclose(replicates(metrics, other, DRAWS, 3), expected)


def test_the_place_of_the_positive_class_does_not_matter() -> None:
    """The same predictions give the same draws with classes the other way round."""
    predictions = made_up("binary", Shape(digits=1))
    metrics = found("binary", *NAMES["binary"])
    first = replicates(metrics, predictions, DRAWS, 3)
    np.testing.assert_allclose(replicates(metrics, turned(predictions), DRAWS, 3), first)


def test_rows_that_no_fold_predicted() -> None:
    """They change nothing, whatever stands in their place."""
    predictions = made_up("binary", Shape(rows=100))
    assert predictions.probability is not None
    metrics = found("binary", *NAMES["binary"])
    fold = np.where(predictions.block < 8, 0, predictions.fold)
    nothing = np.where(fold[:, None] == 0, np.nan, predictions.probability)
    holes = replace(predictions, fold=fold, probability=nothing)
    kept = fold > 0
    fields = ("target", "fold", "label", "probability", "block")
    fewer = replace(holes, **{name: getattr(holes, name)[kept] for name in fields})
    np.testing.assert_allclose(
        replicates(metrics, holes, DRAWS, 3), replicates(metrics, fewer, DRAWS, 3)
    )


def test_draws_are_the_same_for_all_runs() -> None:
    """They follow from the blocks and the seed; more draws begin as fewer do."""
    first = np.concatenate(list(draw(20, 130, 7)))
    assert first.shape == (130, 20)
    assert (first.sum(axis=1) == 20).all()
    np.testing.assert_array_equal(np.concatenate(list(draw(20, 60, 7))), first[:60])
    assert (np.concatenate(list(draw(20, 60, 8))) != first[:60]).any()
    # How many are looked at together is no matter.
    many = list(draw(200_000, 30, 7))
    assert len(many) == 2 and sum(len(part) for part in many) == 30
    assert abs(first.var() - 0.95) < 0.1


def test_runs_are_drawn_together() -> None:
    """Two like candidates vary together: their difference varies far less than each."""
    predictions = made_up("binary", Shape(rows=2000, blocks=40, digits=None))
    assert predictions.probability is not None
    near = replace(predictions, probability=np.round(predictions.probability, 1))
    metrics = found("binary", "roc_auc")
    one, two = (replicates(metrics, p, 100, 3) for p in (predictions, near))
    assert (one - two).std() < 0.3 * one.std()


def test_few_blocks_have_no_draws() -> None:
    """Of four blocks there are 35 draws, of which none is one in forty."""
    for blocks in (1, 4):
        predictions = made_up("binary", Shape(blocks=blocks, folds=2))
        drawn = replicates(found("binary", "brier"), predictions, DRAWS, 3)
        assert drawn.shape == (DRAWS, 1) and np.isnan(drawn).all()
    assert np.isfinite(
        replicates(found("binary", "brier"), made_up("binary", Shape(blocks=5, folds=1)), 9, 3)
    ).all()


def test_no_rows() -> None:
    """Nothing comes of nothing."""
    predictions = made_up("binary", Shape(rows=10, blocks=10))
    empty = replace(predictions, fold=np.zeros(10, int))
    metrics = found("binary", "brier", "roc_auc", "f1", "d2_brier_score")
    assert fold_values(metrics, empty) == dict.fromkeys(
        ("brier", "roc_auc", "f1", "d2_brier_score"), ()
    )
    assert np.isnan(replicates(metrics, empty, DRAWS, 3)).all()
