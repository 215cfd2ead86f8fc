"""What changed between two runs is told, down to single columns and predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.comparing.changes import MISSING, Change
from analysis.experiments.comparing.diff import diff
from analysis.experiments.metrics.predictions import Predictions
from analysis.experiments.metrics.rows import tabled
from analysis.experiments.runs import store
from analysis.experiments.runs.record import Run, Task
from analysis.project import Project, find_project
from analysis.warehouse.parquetfile import write_rows
from tests.helpers.projects import write_project
from tests.helpers.run_families import Setting
from tests.helpers.runs import FORWARD, write_run


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project without anything."""
    return find_project(write_project(tmp_path, {}))


def _run(project: Project, **changes: Any) -> Run:
    return write_run(project.root, "trial", **changes)


def _other(project: Project, run: Run, name: str = "other", **changes: Any) -> Run:
    """Write a run that is as another but for some fields; it has the same numbers."""
    other = replace(run, run=name, **changes)
    with store.new_run(project, run.experiment, name) as folder:
        store.write_record(folder, other, store.curves_of(project, run))
        replicates = store.replicates_of(project, run)
        if replicates is not None:
            np.save(folder / store.REPLICATES, replicates)
    return other


def test_nothing_changed(project: Project) -> None:
    """A run that was repeated is the same, whatever it is called."""
    run = _run(project)
    found = diff(project, run, _other(project, run, candidate="another name"))
    assert found.is_same_made
    assert found.about == (Change("candidate", "logistic", "another name"),)
    assert all(metric.difference == 0 and metric.paired for metric in found.metrics)
    assert all(metric.p == 1 and not metric.distinguishable for metric in found.metrics)
    assert not diff(project, run, run).parameters


def test_parameters_and_recipe(project: Project) -> None:
    """What the candidate sets is told once; what is shared is told as recipe."""
    scaler = {"estimator": "sklearn.preprocessing.StandardScaler", "parameters": {}}
    told = {"parameters": {"C": 1, "penalty": "l2"}, "preprocessing": {"number": [scaler]}}
    run = _run(project, parameters=told["parameters"], recipe={**told, "features": ["a"]})
    now = {"C": 1.0, "tol": None}
    robust = {**scaler, "estimator": "sklearn.preprocessing.RobustScaler"}
    recipe = {"parameters": now, "preprocessing": {"number": [robust]}, "features": None}
    found = diff(project, run, _other(project, run, parameters=now, recipe=recipe))
    assert found.parameters == (
        Change("C", 1, 1.0),
        Change("penalty", "l2", MISSING),
        Change("tol", MISSING, None),
    )
    path = "preprocessing.number.0.estimator"
    assert found.recipe == (Change(path, scaler["estimator"], robust["estimator"]),)
    assert not found.is_same_made


def test_features_and_content_of_columns(project: Project) -> None:
    """A column that both have and that has other content is named with its view."""
    run = _run(project)
    features = {"features.plan": ("hour", "distance"), "features.weather": ("wind", "gust")}
    columns = {**run.data.columns, "wind": "f" * 12, "late": "0" * 12, "gust": "1" * 12}
    data = replace(run.data, features=features, columns=columns, rows=run.data.rows + 1)
    found = diff(project, run, _other(project, run, data=data))
    assert found.added == ("features.weather.gust",)
    assert set(found.removed) == {"features.plan.carrier", "features.weather.seats"}
    assert found.reordered
    assert found.columns == ("features.weather.wind", "late")
    assert found.about == (Change("rows", run.data.rows, run.data.rows + 1),)


def test_code_packages_seeds_and_split(project: Project) -> None:
    """Modules, versions and seeds are told one by one."""
    run = _run(project)
    origin = replace(run.origin, code={"src/mine.py": "a"}, packages={"numpy": "3.0"})
    changed = {"origin": origin, "seeds": {"split": 2, "model": 1}, "split": FORWARD}
    found = diff(project, run, _other(project, run, **changed))
    assert found.code == (Change("src/mine.py", MISSING, "a"),)
    assert Change("numpy", run.origin.packages["numpy"], "3.0") in found.packages
    assert Change("scikit-learn", "1.9.1", MISSING) in found.packages
    assert found.seeds == (Change("split", 1, 2),)
    assert {change.name for change in found.about} == {"split", "rows of the folds"}
    # Folds of other rows are not compared one by one; days drawn together are.
    assert all(metric.p is None and metric.paired for metric in found.metrics)


def test_metrics_of_one_run_only(project: Project) -> None:
    """A metric that only one has is told without a difference; a failed run has none."""
    run = _run(project)
    fewer = _other(project, run, "fewer", metrics=run.metrics[1:])
    found = {metric.name: metric for metric in diff(project, fewer, run).metrics}
    assert found["roc_auc"].then is None and found["roc_auc"].difference is None
    assert found["roc_auc"].now == run.metrics[0].value
    failed = _run(project, candidate="failing", failed="no")
    metrics = diff(project, run, failed).metrics
    assert [metric.now for metric in metrics] == [None] * len(run.metrics)
    assert "failed" in str(diff(project, run, failed).flips.missing)


def _write(project: Project, run: Run, keys: pd.DataFrame, **values: Any) -> None:
    """Write predictions of a run; all rows are of the first fold unless it is told."""
    rows = len(keys)
    classes = run.data.classes
    given: Mapping[str, Any] = {
        "fold": np.ones(rows, int),
        "probability": None,
        "block": np.zeros(rows, int),
        "blocks": 1,
        "positive": classes.index(run.data.positive) if run.data.positive else None,
        "classes": classes,
        "task": run.task,
        **values,
    }
    path = store.run_folder(project, run) / store.PREDICTIONS
    write_rows(tabled(Predictions(**given), keys), path)


def _pair(project: Project, task: Task = "binary") -> tuple[Run, Run]:
    run = _run(project, task=task, candidate=Setting("first"))
    return run, _other(project, run)


def test_flips_by_the_change_of_the_positive_class(project: Project) -> None:
    """Rows are joined by key, whatever their order; those in one run only do not count."""
    then, now = _pair(project)
    p = np.array([0.9, 0.6, 0.4, 0.1, 0.7])
    target = np.array([1, 0, 0, 1, 1])
    label = (p > 0.5).astype(int)
    keys = pd.DataFrame({"id": [11, 12, 13, 14, 15]})
    _write(project, then, keys, target=target, label=label, probability=np.c_[1 - p, p])
    q = np.array([0.8, 0.9, 0.7, 0.45, 0.2, 0.5])
    target, label = np.array([0, 1, 1, 0, 0, 1]), (q > 0.5).astype(int)
    keys = pd.DataFrame({"id": [99, 14, 13, 12, 11, 15]})
    fold = np.array([1, 1, 1, 1, 1, 0])
    _write(project, now, keys, target=target, label=label, fold=fold, probability=np.c_[1 - q, q])
    found = diff(project, then, now, most=3).flips
    assert (found.key, found.total, found.rows, found.missing) == (("id",), 4, 4, None)
    assert [flip.key for flip in found.flips] == [(14,), (11,), (13,)]
    first = found.flips[0]
    assert (first.target, first.then, first.now) == ("true", "false", "true")
    assert (first.chance_then, first.chance_now) == (0.1, 0.9)
    assert type(first.key[0]) is int


def test_flips_without_probabilities(project: Project) -> None:
    """Labels alone are compared, in the order of the first run."""
    then, now = _pair(project)
    keys = pd.DataFrame({"id": [3, 1, 2]})
    _write(project, then, keys, target=np.zeros(3, int), label=np.array([0, 1, 1]))
    p = np.full((3, 2), 0.5)
    _write(project, now, keys, target=np.zeros(3, int), label=np.array([1, 1, 0]), probability=p)
    found = diff(project, then, now).flips
    assert [flip.key for flip in found.flips] == [(3,), (2,)]
    assert found.flips[0].chance_now is None


def test_flips_of_several_classes(project: Project) -> None:
    """The probability is of the class that is predicted now."""
    then, now = _pair(project, "multiclass")
    keys = pd.DataFrame({"id": [1, 2, 3]})
    target, before, after = np.array([0, 1, 2]), np.array([0, 1, 1]), np.array([1, 1, 2])
    p = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.0, 0.9, 0.1]])
    q = np.array([[0.2, 0.6, 0.2], [0.1, 0.8, 0.1], [0.0, 0.1, 0.9]])
    _write(project, then, keys, target=target, label=before, probability=p)
    _write(project, now, keys, target=target, label=after, probability=q)
    flips = diff(project, then, now).flips.flips
    assert [(flip.key, flip.then, flip.now) for flip in flips] == [
        ((3,), "Chinstrap", "Gentoo"),
        ((1,), "Adelie", "Chinstrap"),
    ]
    assert [(flip.chance_then, flip.chance_now) for flip in flips] == [(0.1, 0.9), (0.3, 0.6)]


def test_numbers_that_changed_most(project: Project) -> None:
    """In a regression all rows with another prediction count, the largest change first."""
    then, now = _pair(project, "regression")
    keys = pd.DataFrame({"id": ["a", "b", "c"]})
    target = np.array([1.0, 2.0, 3.0])
    _write(project, then, keys, target=target, label=np.array([1.0, 2.5, 3.0]))
    _write(project, now, keys, target=target, label=np.array([1.5, 0.5, 3.0]))
    found = diff(project, then, now).flips
    assert (found.total, found.rows) == (2, 3)
    assert [(flip.key, flip.target, flip.then, flip.now) for flip in found.flips] == [
        (("b",), 2.0, 2.5, 0.5),
        (("a",), 1.0, 1.0, 1.5),
    ]


def test_predictions_that_are_not_there(project: Project) -> None:
    """Missing or damaged files are told, with the command that makes them again."""
    then, now = _pair(project)
    missing = str(diff(project, then, now).flips.missing)
    assert then.run in missing and "`analysis experiment rerun other`" in missing
    for run in (then, now):
        (store.run_folder(project, run) / store.PREDICTIONS).write_bytes(b"no parquet")
    assert "cannot be read" in str(diff(project, then, now).flips.missing)
    other = _run(project, task="multiclass", candidate="of birds")
    assert diff(project, then, other).flips.missing == "the two runs do not predict the same"


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_keys_named_as_our_columns(project: Project) -> None:
    """A key may be called as one of our columns, with time zone or without a value."""
    run = _run(project)
    data = replace(run.data, key=("Fold", "label"))
    then, now = (_other(project, run, name, data=data) for name in ("one", "two"))
    times = pd.to_datetime(["2013-01-01", "2013-01-02", None], utc=True)
    keys = pd.DataFrame({"Fold": times, "label": pd.array([1, None, None], dtype="Int64")})
    _write(project, then, keys, target=np.zeros(3, int), label=np.zeros(3, int))
    _write(project, now, keys, target=np.zeros(3, int), label=np.ones(3, int))
    found = diff(project, then, now).flips
    assert (found.total, found.rows) == (3, 3)
    assert found.flips[0].key == (times[0], 1)
