"""What a run is made of, and that its numbers are scikit-learn's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import cross_validate
from threadpoolctl import threadpool_limits

from analysis.experiments.candidates.building import build
from analysis.experiments.checking.resolve import Resolved
from analysis.experiments.metrics.rows import columns_of
from analysis.experiments.running.staging import Data, read_data
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import curves_of, replicates_of
from analysis.experiments.splits.folds import split_rows
from analysis.files import checksum
from analysis.warehouse.ingest import ingest
from analysis.warehouse.parquetfile import read_rows
from tests.experiments.conftest import SAMPLE, read
from tests.experiments.running import LOGISTIC, current, done, file_of, quick, run, trusted
from tests.warehouse.conftest import Folder

FULL = (
    ("learning: false", "learning: {sizes: [0.5, 1]}"),
    ("importance: false", "importance: {repeats: 2}"),
    ("honesty: false", "honesty: {splits: [{random: true, folds: 2}], candidates: boosted}"),
    (
        LOGISTIC,
        "  boosted:\n    estimator: sklearn.ensemble.GradientBoostingClassifier\n"
        "    parameters: {n_estimators: 8}",
    ),
)


@pytest.fixture(scope="module")
def whole(ingested: Any, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Give a project whose experiment has run with all that there is."""
    root = tmp_path_factory.mktemp("whole") / "project"
    shutil.copytree(ingested, root)
    folder = Folder(root)
    outcome = run(quick(folder, *FULL))
    assert outcome.code == 0, outcome
    return folder


def test_the_record_tells_all_that_is_needed_to_repeat_it(whole: Folder) -> None:
    found = current(whole)["boosted"]
    assert (found.status, found.failure, found.role, found.task) == (
        "done",
        None,
        "candidate",
        "binary",
    )
    assert found.parameters["n_estimators"] == 8
    assert found.command == f"analysis experiment rerun {found.run}"
    assert [fold.train_rows + fold.test_rows for fold in found.folds] == [240] * 3
    assert all(fold.fit_seconds > 0 and fold.memory_mb > 50 for fold in found.folds)
    assert found.seconds.fit >= sum(fold.fit_seconds for fold in found.folds) - 0.01
    assert found.memory_mb > 50
    assert set(found.data.columns) == {"id", "late", "weight", "express", "town"}
    assert found.data.features == {"features.parcel": ("weight", "express", "town")}
    assert {"split", "estimator", "bootstrap"} == found.seeds.keys()
    assert {"scikit-learn", "numpy", "pandas"} <= found.origin.packages.keys()
    for file in (found.model, found.predictions):
        assert file is not None
        path = file_of(whole, found, file.file)
        assert (path.stat().st_size, checksum(path)) == (file.bytes, file.sha256)


def test_metrics_have_intervals_from_folds_and_from_draws(whole: Folder) -> None:
    found = current(whole)["boosted"]
    for place, metric in enumerate(found.metrics):
        by_fold = [fold.metrics[metric.name] for fold in found.folds]
        assert metric.value == pytest.approx(np.mean([v for v in by_fold if v is not None]))
        assert metric.low is not None and metric.high is not None and metric.value is not None
        assert metric.low < metric.value < metric.high
        assert metric.fold_low is not None and metric.fold_low < metric.value
        drawn = replicates_of(whole.project, found)
        assert drawn is not None and drawn.shape == (100, 2)
        assert metric.low <= np.median(drawn[:, place]) <= metric.high


def test_curves(whole: Folder) -> None:
    curves = {(c.curve, c.series): c for c in curves_of(whole.project, current(whole)["boosted"])}
    assert {kind for kind, _ in curves} == {
        "roc",
        "precision_recall",
        "calibration",
        "learning",
        "iteration",
        "importance",
    }
    learning = curves["learning", "test"]
    assert len(learning.x) == 2 and learning.x[0] == pytest.approx(learning.x[1] / 2, rel=0.1)
    assert curves["iteration", "test"].x == (1, 2, 3, 4, 5, 6, 7, 8)
    importance = curves["importance", ""]
    assert importance.names is not None and importance.names[0] == "weight"
    assert {*importance.names} == {"weight", "express", "town"}
    assert sum(curves["calibration", "true"].n or ()) == 240


def test_predictions_stand_beside_the_key_and_the_model_predicts_the_same(whole: Folder) -> None:
    found = current(whole)["boosted"]
    rows = read_rows(file_of(whole, found, "predictions.parquet"))
    assert [*rows.columns] == ["id", "fold", "target", "label", "p_false", "p_true"]
    assert [*rows["id"]] == [*range(240)]
    assert set(rows["fold"]) == {1, 2, 3}
    assert dict(whole.query("select id, late from samples.parcels")) == {
        key: target == "true" for key, target in zip(rows["id"], rows["target"], strict=True)
    }
    model = trusted(file_of(whole, found, "model.skops"))
    frame, resolved, data = as_sklearn_takes_it(whole, found)
    again = build(whole.project, resolved.candidates[-1], kinds(resolved, found), 1)
    again.fit(frame, data.target)
    assert (model.predict_proba(frame) == again.predict_proba(frame)).all()


def test_a_run_under_another_split_is_looked_at_less(whole: Folder) -> None:
    """It has no model, and nothing of it is looked into."""
    found = current(whole)["random, 2 folds"]
    assert (found.role, found.candidate, found.model) == ("honesty", "boosted", None)
    assert {c.curve for c in curves_of(whole.project, found)} <= {
        "roc",
        "precision_recall",
        "calibration",
    }
    summary = json.loads((whole.root / "data/runs/late/experiment.json").read_text())
    [told] = [one for one in summary["comparisons"] if one["run"] == found.run][:1]
    assert told["against"] == "split"


def kinds(resolved: Resolved, run: Run) -> Mapping[str, Any]:
    """Give the columns of a run with their kinds, in the order in which the model takes them."""
    return resolved.columns[run.candidate]


def as_sklearn_takes_it(folder: Folder, run: Run) -> tuple[pd.DataFrame, Resolved, Data]:
    """Read the features of a run with pandas, as somebody would without this package."""
    from analysis.experiments.checking.check import check_experiment
    from analysis.experiments.checking.described import describe
    from analysis.experiments.checking.resolve import resolve

    declared = read(folder)
    dataset, description = describe(folder.project, declared)
    resolved = resolve(check_experiment(folder.project, declared), description)
    data = read_data(dataset, resolved)
    columns = {}
    for name, kind in kinds(resolved, run).items():
        values = data.frame[name]
        if kind == "category":
            texts = values.astype(object).where(values.notna(), None)
            columns[name] = pd.Categorical(texts, sorted({*texts.dropna()}))
        else:
            columns[name] = pd.Series(values.astype("Float64").to_numpy(float, na_value=np.nan))
    return pd.DataFrame(columns), resolved, data


ODD = """\
/* {key: id} */
select id, weight, sent::date as first_day,
  case when id % 7 > 0 then (10 * weight)::integer end as tens,
  case when id % 5 > 0 then express end as fast, case when id % 6 > 0 then town end as place
from raw.parcels
"""
SIZE = SAMPLE.replace("as odd", "as odd, if(sent < '2026-01-30', size, 'new') as kind")
OWN = """\
from sklearn.linear_model import LogisticRegression


class Eager(LogisticRegression):
    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.2).astype(int)
"""
BINARY = "[roc_auc, accuracy, f1, neg_log_loss, average_precision]"
SEVERAL = "[accuracy, f1_macro, neg_log_loss, roc_auc_ovr]"
NUMBERS = "[neg_root_mean_squared_error, r2, neg_mean_absolute_error]"
HGB = "sklearn.ensemble.HistGradientBoosting{}, parameters: {{max_iter: 8, min_samples_leaf: 5}}"
FOREST = "sklearn.ensemble.RandomForest{}, parameters: {{n_estimators: 7}}"
LINEAR = "sklearn.linear_model.LogisticRegression"
DAY, FORWARD = "{by: day, folds: 3}", "{forward: sent, folds: 3}"
SOME = "[accuracy, f1_macro]"
CASES = {
    "logistic": ("late", BINARY, DAY, LINEAR),
    "tree": ("late", BINARY, "{random: true, folds: 3}", "sklearn.tree.DecisionTreeClassifier"),
    "forest": ("late", BINARY, "{group: shop, folds: 3}", FOREST.format("Classifier")),
    "boosted": ("late", BINARY, FORWARD, HGB.format("Classifier")),
    "neighbours": ("late", BINARY, "{by: week}", "sklearn.neighbors.KNeighborsClassifier"),
    "no chances": ("late", "[roc_auc, accuracy, f1]", DAY, "sklearn.svm.LinearSVC"),
    "own labels": ("late", BINARY, DAY, "eager.Eager"),
    "several": ("size", SEVERAL, DAY, FOREST.format("Classifier")),
    "several, linear": ("size", SEVERAL, "{random: true, folds: 2}", LINEAR),
    "a class comes late": ("kind", SOME, FORWARD, HGB.format("Classifier")),
    "no chances of several": ("size", SOME, DAY, "sklearn.svm.LinearSVC"),
    "numbers": ("hours", NUMBERS, DAY, "sklearn.linear_model.Ridge"),
    "numbers, boosted": ("hours", NUMBERS, FORWARD, HGB.format("Regressor")),
}


@pytest.mark.parametrize("case", CASES)
def test_metrics_are_those_of_cross_validate(parcels: Folder, case: str) -> None:
    """Exactly, in each fold: with missing numbers, booleans and categories."""
    target, metrics, split, estimator = CASES[case]
    parcels.write("data/sql/features/parcel.sql", ODD)
    parcels.write("data/sql/samples/parcels.sql", SIZE)
    parcels.write("src/eager.py", OWN)
    ingest(parcels.project)
    folder = quick(
        parcels,
        ("{sample: parcels,", f"{{sample: parcels, target: {target},"),
        ("{by: day, folds: 3}", split),
        ("[roc_auc, brier]", metrics),
        ("  rate: sklearn.dummy.DummyClassifier\n", ""),
        (LOGISTIC, f"  it: {{estimator: {estimator}}}"),
        ("  number:", "  boolean: sklearn.impute.SimpleImputer\n  number:"),
    )
    found = done(folder)["it"]
    frame, resolved, data = as_sklearn_takes_it(folder, found)
    rule = resolved.split
    column = data.frame[rule.column] if rule.column else None
    classes = None if resolved.task == "regression" else data.target
    folds = split_rows(rule, column, classes, len(data.frame)).folds
    names = [metric.name for metric in found.metrics]
    columns = kinds(resolved, found)
    estimator = build(folder.project, resolved.candidates[0], columns, found.seeds["estimator"])
    # Sums in several threads differ in their last digits.
    with threadpool_limits(1):
        expected = cross_validate(
            estimator, frame, data.target, cv=folds, scoring=names, error_score="raise"
        )
    for name in names:
        got = [fold.metrics[name] for fold in found.folds]
        # The last digit depends on the order in which a library adds up.
        np.testing.assert_allclose(got, expected[f"test_{name}"], rtol=1e-12, err_msg=name)
    rows = read_rows(file_of(folder, found, "predictions.parquet"))
    assert len(rows) == sum(len(test) for _, test in folds)
    ranks = columns_of(["id"], found.data.classes)
    assert any(name in rows for name in ranks.decisions) == case.startswith("no chances")
