"""Metrics in folds are scikit-learn's own numbers, and ours those of independent formulas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.metrics import get_scorer_names
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from analysis.experiments.metrics.metric import OWN, Metric, find_metric, metric_names
from analysis.experiments.metrics.predictions import Predictions
from analysis.experiments.metrics.rows import tabled
from analysis.experiments.metrics.scorers import takes_weights
from analysis.experiments.metrics.values import fold_values
from analysis.experiments.runs.record import Task
from tests.experiments.predicted import NAMES, Shape, found, made_up, naive, turned


def test_every_scorer_is_of_a_task_or_of_several_labels() -> None:
    """No scorer is forgotten but those of rows with several labels; none is of two kinds."""
    names = {task: set(metric_names(task)) for task in get_args(Task)}
    missing = set(get_scorer_names()) - set.union(*names.values())
    assert {name for name in missing if not name.endswith("_samples")} == set()
    assert not names["regression"] & (names["binary"] | names["multiclass"])
    assert {"f1", "roc_auc", "precision"} <= names["binary"] - names["multiclass"]
    assert "top_k_accuracy" in names["multiclass"] - names["binary"]


@pytest.mark.parametrize(
    ("name", "task", "best"),
    [
        ("roc_auc", "binary", "high"),
        ("neg_log_loss", "multiclass", "high"),
        ("brier", "multiclass", "low"),
        ("calibration_slope", "binary", "one"),
        ("bias", "regression", "zero"),
        ("neg_root_mean_squared_error", "regression", "high"),
    ],
)
def test_a_metric_by_name(name: str, task: Task, best: Any) -> None:
    """It says where it is best; what is best at a number does not decide."""
    metric = find_metric(name, task)
    assert metric == Metric(name, best)
    assert metric.decides == (best in ("high", "low"))


@pytest.mark.parametrize(
    ("name", "task", "told"),
    [
        ("roc_auk", "binary", "there is no metric `roc_auk`; did you mean `roc_auc`?"),
        ("f1", "multiclass", "`f1` is no metric of a multiclass task; did you mean `f1_macro`?"),
        ("rmse", "binary", "`rmse` is no metric of a binary task"),
        ("accuracy", "regression", "`accuracy` is no metric of a regression"),
        ("calibration_slope", "multiclass", "`calibration_slope` is no metric of a multiclass"),
        ("f1_samples", "binary", "`f1_samples` is no metric of a binary task"),
        ("r2", "multiclass", "`r2` is no metric of a multiclass task"),
        ("", "binary", "there is no metric ``"),
    ],
)
def test_a_metric_that_does_not_fit(name: str, task: Task, told: str) -> None:
    """What is wrong is said in a sentence, with what was probably meant."""
    with pytest.raises(ValueError) as error:
        find_metric(name, task)
    assert str(error.value).startswith(told)


def _cross_validated(
    estimator: Any, x: Any, y: Any, task: Task, positive: str | None = None
) -> tuple[Predictions, dict[str, Any]]:
    """Let scikit-learn score an estimator by folds, and store what it predicted in them."""
    names = [name for name in metric_names(task) if name not in OWN]
    classes = () if task == "regression" else tuple(sorted(set(y)))
    strata = pd.qcut(y, 4).codes if task == "regression" else y
    split = list(StratifiedKFold(4, shuffle=True, random_state=1).split(x, strata))
    # For scikit-learn the positive class of these scorers has to be called 1.
    wanted = (y == positive).astype(int) if positive else y
    codes = y if task == "regression" else np.searchsorted(classes, y)
    scored = cross_validate(estimator, x, wanted, cv=split, scoring=names, error_score=np.nan)
    fold, label = np.zeros(len(y), int), np.zeros(len(y))
    chance = None if task == "regression" else np.zeros((len(y), len(classes)))
    for number, (train, test) in enumerate(split, 1):
        fitted = estimator.fit(x[train], codes[train])
        fold[test], label[test] = number, fitted.predict(x[test])
        if chance is not None:
            chance[test] = fitted.predict_proba(x[test])
    if task != "regression":
        label = label.astype(int)
    code = classes.index(positive) if positive else None
    block = np.zeros(len(y), int)
    return Predictions(codes, fold, label, chance, block, 1, code, classes, task), scored


@pytest.mark.parametrize("positive", ["benign", "malignant"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_scorers_of_two_classes_are_as_in_cross_validation(positive: str) -> None:
    """All scorers say what they say of the estimator, whichever class is the positive one."""
    data = load_breast_cancer()
    y = data.target_names[data.target]
    tree = DecisionTreeClassifier(max_depth=3, random_state=0)
    predictions, scored = _cross_validated(tree, data.data[:, :4], y, "binary", positive)
    _check(predictions, scored)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_scorers_of_several_classes_are_as_in_cross_validation() -> None:
    """All scorers say what they say of the estimator."""
    data = load_iris()
    # It has no decision function, by which scikit-learn would rank several classes.
    model = GaussianNB()
    y = data.target_names[data.target]
    predictions, scored = _cross_validated(model, data.data[:, :2], y, "multiclass")
    _check(predictions, scored)


def test_scorers_of_numbers_are_as_in_cross_validation() -> None:
    """All scorers say what they say of the estimator."""
    data = load_diabetes()
    predictions, scored = _cross_validated(Ridge(), data.data, data.target, "regression")
    _check(predictions, scored)


def _check(predictions: Predictions, scored: dict[str, Any]) -> None:
    names = [name for name in metric_names(predictions.task) if name not in OWN]
    ours = fold_values(found(predictions.task, *names), predictions)
    for name in names:
        values = np.array(ours[name], float)
        np.testing.assert_allclose(values, scored[f"test_{name}"], 1e-9, 1e-12, err_msg=name)
        assert np.isfinite(values).any(), name


@pytest.mark.parametrize("task", get_args(Task))
@pytest.mark.parametrize("digits", [None, 1, 0])
def test_values_are_those_of_independent_formulas(task: Task, digits: int | None) -> None:
    """Ours too, in each fold."""
    predictions = made_up(task, Shape(rows=90, folds=4, digits=digits))
    values = fold_values(found(task, *NAMES[task]), predictions)
    for name, by_fold in values.items():
        for number, value in enumerate(by_fold, 1):
            slow = naive(name, predictions, np.flatnonzero(predictions.fold == number))
            assert (np.nan if value is None else value) == pytest.approx(
                slow, rel=1e-6, abs=1e-9, nan_ok=True
            ), (name, number)


def test_the_place_of_the_positive_class_does_not_matter() -> None:
    """The same predictions give the same metrics with classes the other way round."""
    predictions = made_up("binary")
    metrics = found("binary", *metric_names("binary"))
    assert fold_values(metrics, predictions) == fold_values(metrics, turned(predictions))


def test_labels_alone() -> None:
    """Metrics of probabilities are missing then, for each fold; all others are there."""
    predictions = replace(made_up("binary"), probability=None)
    values = fold_values(found("binary", *NAMES["binary"]), predictions)
    gone = {name for name, by_fold in values.items() if by_fold == (None,) * 3}
    assert gone == {
        *("roc_auc", "average_precision", "brier", "neg_brier_score", "d2_brier_score"),
        *("log_loss", "neg_log_loss", "observed_expected"),
        *("calibration_slope", "calibration_intercept"),
    }
    assert all(None not in by_fold for name, by_fold in values.items() if name not in gone)


@pytest.mark.parametrize("positive", [0, 1])
def test_decisions_in_place_of_probabilities(positive: int) -> None:
    """What ranks rows is enough for the metrics of their order."""
    data = load_breast_cancer()
    x, y = data.data[:, :4], data.target
    model = RidgeClassifier().fit(x, y)
    predictions = Predictions(
        target=y,
        fold=np.ones(len(y), int),
        label=model.predict(x),
        probability=None,
        block=np.zeros(len(y), int),
        blocks=1,
        positive=positive,
        classes=("no", "yes"),
        task="binary",
        decision=model.decision_function(x),
    )
    values = fold_values(found("binary", "roc_auc", "average_precision", "brier"), predictions)
    score = model.decision_function(x) * (1 if positive else -1)
    assert values["roc_auc"][0] == pytest.approx(_ranked(y == positive, score))
    assert values["average_precision"][0] is not None
    assert values["brier"] == (None,)


def _ranked(positive: Any, score: Any) -> float:
    a, b = score[positive][:, None], score[~positive]
    return float(((a > b) + 0.5 * (a == b)).mean())


def test_a_fold_with_one_class_or_without_rows() -> None:
    """What is not defined there is missing there, and nowhere else."""
    predictions = made_up("binary", Shape(rows=200, folds=4))
    fold = np.where(predictions.fold == 2, 3, predictions.fold)
    target = np.where(fold == 1, 0, predictions.target)
    predictions = replace(predictions, fold=fold, target=target)
    names = ("roc_auc", "average_precision", "calibration_slope", "brier", "f1")
    values = fold_values(found("binary", *names), predictions)
    for name in names:
        assert values[name][1] is None
        assert values[name][2] is not None and values[name][3] is not None
    assert values["roc_auc"][0] is None and values["calibration_slope"][0] is None
    assert values["average_precision"][0] is None
    assert values["brier"][0] is not None and values["f1"][0] == 0


def test_a_number_that_a_metric_does_not_take() -> None:
    """A scorer that raises on these values gives none; the rest is there."""
    predictions = replace(made_up("regression"), label=np.full(240, -1.0))
    values = fold_values(found("regression", "neg_mean_poisson_deviance", "rmse"), predictions)
    assert values["neg_mean_poisson_deviance"] == (None,) * 3
    assert None not in values["rmse"]


def test_weights_are_taken_where_the_scorer_takes_them() -> None:
    """Others are asked with rows repeated."""
    assert takes_weights("d2_brier_score", "binary")
    assert takes_weights("neg_median_absolute_error", "regression")
    assert not takes_weights("adjusted_rand_score", "binary")
    assert not takes_weights("neg_max_error", "regression")
    assert not takes_weights("roc_auc_ovo", "multiclass")


def test_predictions_as_a_table() -> None:
    """Rows that no fold predicted are left out; names that are taken have a mark."""
    predictions = made_up("binary", Shape(rows=6, blocks=6, folds=2))
    predictions = replace(predictions, fold=np.array([0, 1, 1, 2, 2, 2]), classes=("no", "P_No"))
    keys = pd.DataFrame({"Target": range(6), "at": list("abcdef")}, index=range(10, 16))
    table = tabled(predictions, keys)
    assert list(table.columns) == ["Target", "at", "fold", "target_", "label", "p_no", "p_P_No"]
    assert table["at"].tolist() == list("bcdef")
    assert set(table["label"]) <= {"no", "P_No"}
    assert predictions.probability is not None
    assert table["p_no"].tolist() == predictions.probability[1:, 0].tolist()
    numbers = tabled(made_up("regression", Shape(rows=6)), pd.DataFrame({"id": range(6)}))
    assert list(numbers.columns) == ["id", "fold", "target", "prediction"]
