"""What follows for an experiment from the rows that the warehouse has for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.candidates.building import build
from analysis.experiments.checking.described import describe
from analysis.experiments.checking.target import class_codes
from analysis.experiments.splits.blocks import blocks_of
from analysis.experiments.splits.folds import split_rows
from tests.experiments.conftest import EXPERIMENT, changed, read, resolved
from tests.experiments.test_mistakes import LOGISTIC, METRICS, RATE, SPLIT
from tests.warehouse.conftest import Folder

TREE = "sklearn.tree.DecisionTreeClassifier"
REGRESSION = (
    ("  sample: parcels", "  sample: parcels\n  target: hours"),
    (METRICS, "metrics: rmse"),
    (RATE, "  rate: sklearn.dummy.DummyRegressor"),
    ("LogisticRegression", "Ridge"),
    (LOGISTIC, ""),
)
CATEGORY = next(line for line in EXPERIMENT.splitlines() if line.startswith("  category:"))
SIZES = (
    ("  sample: parcels", "  sample: parcels\n  target: size"),
    (METRICS, "metrics: log_loss"),
)


def test_an_experiment_in_short(parcels: Folder) -> None:
    """Task, classes, columns, splits and blocks follow from the data."""
    found = resolved(parcels)
    assert (found.task, found.target, found.positive) == ("binary", "late", "true")
    assert found.classes == ("false", "true")
    assert [(metric.name, metric.best) for metric in found.metrics] == [
        ("roc_auc", "high"),
        ("brier", "low"),
    ]
    assert found.kinds == {
        "weight": "number",
        "express": "boolean",
        "town": "category",
        "parcels": "number",
    }
    logistic = found.candidates[1]
    assert found.features_of(logistic) == {
        "features.parcel": ("weight", "express", "town"),
        "features.load": ("parcels",),
    }
    assert (found.split.label, found.split.column) == ("by day, 5 folds", "sent")
    assert [rule.label for rule in found.honesty] == ["random, 5 folds", "forward by sent, 5 folds"]
    assert (found.blocks.label, found.blocks.column) == ("day", "sent")
    assert found.checked.baseline == "rate"


def test_it_can_be_trained(parcels: Folder) -> None:
    """All the parts together: rows from the warehouse, split, and predicted by every candidate."""
    dataset, description = describe(parcels.project, read(parcels))
    found = resolved(parcels)
    rows = dataset.df(ordered=True)
    target = class_codes(rows[found.target], found.classes)
    assert description.rows == len(rows) == 240 and target.sum() == rows["late"].sum()
    split = split_rows(found.split, rows["sent"], target, len(rows))
    blocks = blocks_of(found.blocks, rows["sent"], len(rows))
    assert blocks.record.count == 40
    x = rows[[*found.kinds]].astype({"express": float, "town": "category"})
    for candidate in found.candidates:
        columns = found.columns[candidate.name]
        model = build(parcels.project, candidate, columns, found.split.seed)
        for train, test in split.folds:
            model.fit(x.iloc[train][[*columns]], target[train])
            assert model.predict_proba(x.iloc[test][[*columns]]).shape == (len(test), 2)


def test_a_regression(parcels: Folder) -> None:
    """A number, of which there are no classes."""
    found = resolved(changed(parcels, *REGRESSION))
    assert (found.task, found.target, found.classes, found.positive) == (
        "regression",
        "hours",
        (),
        None,
    )
    assert not any(rule.stratified for rule in (found.split, *found.honesty))


def test_several_classes(parcels: Folder) -> None:
    """Classes are sorted as texts, and none of them is positive."""
    found = resolved(changed(parcels, *SIZES))
    assert (found.task, found.positive) == ("multiclass", None)
    assert found.classes == ("large", "medium", "small")


@pytest.mark.parametrize(
    ("values", "classes", "codes"),
    [
        (pd.Series([True, False]), ("false", "true"), [1, 0]),
        (pd.Series([True, False], dtype="boolean"), ("false", "true"), [1, 0]),
        (pd.Series(["b", "a"]), ("a", "b"), [1, 0]),
        (pd.Series(pd.Categorical(["b", "a"])), ("a", "b"), [1, 0]),
        (pd.Series([10, 9], dtype="int8"), ("10", "9"), [0, 1]),
        (pd.Series([10, 9], dtype="Int64"), ("10", "9"), [0, 1]),
        (pd.Series([10.0, 9.0]), ("10", "9"), [0, 1]),
    ],
)
def test_codes_of_classes(values: pd.Series, classes: tuple[str, ...], codes: list[int]) -> None:
    """They are places among the classes, whatever type pandas has them in."""
    assert np.array_equal(class_codes(values, classes), codes)


POSITIVE = [
    ("target: late, positive: false", "false"),
    ("target: late, positive: 'true'", "true"),
    ("target: number", "1"),
    ("target: number, positive: 0", "0"),
    ("target: LATE", "true"),
]


@pytest.mark.parametrize(("more", "positive"), POSITIVE)
def test_the_positive_class(parcels: Folder, more: str, positive: str) -> None:
    """It is what is named, else `true` or 1."""
    dataset = f"dataset: {{sample: parcels, features: parcel, leave_out: first_day, {more}}}"
    start = "dataset:\n  sample: parcels\n  features: [parcel, load]\n  leave_out: first_day"
    assert resolved(changed(parcels, (start, dataset))).positive == positive


FEATURES = [
    ("features: parcel", ["weight", "express", "town"]),
    ("features: features.parcel", ["weight", "express", "town"]),
    ("features: [load.parcels, parcel.weight]", ["weight", "parcels"]),
    ("features: [features.parcel.town, LOAD]", ["town", "parcels"]),
    ("features: [parcel, parcel.town]", ["weight", "express", "town"]),
    ("features: [town, Weight]", ["weight", "town"]),
]


@pytest.mark.parametrize(("features", "columns"), FEATURES)
def test_features_of_a_candidate(parcels: Folder, features: str, columns: list[str]) -> None:
    """Views and columns of them, in the order of the dataset, whatever order they are named in."""
    found = resolved(changed(parcels, (LOGISTIC, f"    {features}\n")))
    assert [*found.columns["logistic"]] == columns
    assert [*found.columns["rate"]] == ["weight", "express", "town", "parcels"]


def test_columns_of_the_sample(parcels: Folder) -> None:
    """Those that are named stand first, in the order in which they are named."""
    found = resolved(changed(parcels, ("  leave_out:", "  columns: [size, SHOP]\n  leave_out:")))
    columns = found.columns["logistic"]
    assert [*columns] == ["size", "shop", "weight", "express", "town", "parcels"]
    assert columns["shop"] == "category" and found.views["shop"] == "samples.parcels"


SPLITS = [
    ("random", "random, 5 folds", None, None),
    ("{group: SHOP, folds: 3}", "group shop, 3 folds", "shop", None),
    ("{by: week}", "by week, 5 folds", "sent", "week"),
    ("{by: month, of: day, folds: 2}", "by month, 2 folds", "day", "month"),
    ("{forward: sent}", "forward by sent, 5 folds", "sent", "day"),
    ("{forward: hours}", "forward by hours, 5 folds", "hours", None),
    ("{group: town}", "group town, 5 folds", "town", None),
]


@pytest.mark.parametrize(("split", "label", "column", "unit"), SPLITS)
def test_splits(
    parcels: Folder, split: str, label: str, column: str | None, unit: str | None
) -> None:
    """A column of the sample or of a feature view, in any case of letters."""
    rule = resolved(changed(parcels, (SPLIT, f"split: {split}"))).split
    assert (rule.label, rule.column, rule.unit) == (label, column, unit)
    assert rule.stratified == (rule.kind in ("random", "group"))


BLOCKS = [
    ("split: random", "day", "sent", "day"),
    ("split: {group: shop, folds: 3}", "shop", "shop", None),
    ("split: {by: week}", "week", "sent", "week"),
    ("split: {by: month, of: day, folds: 2}", "month", "day", "month"),
    ("split: {forward: sent}", "day", "sent", "day"),
    ("split: {forward: hours}", "day", "sent", "day"),
    ("split: random\nblocks: week", "week", "sent", "week"),
    ("split: random\nblocks: shop", "shop", "shop", None),
    ("split: random\nblocks: row", "row", None, None),
]


@pytest.mark.parametrize(("split", "label", "column", "unit"), BLOCKS)
def test_blocks(
    parcels: Folder, split: str, label: str, column: str | None, unit: str | None
) -> None:
    """What is named, what the split keeps together, or the day of the sample's rows."""
    rule = resolved(changed(parcels, (SPLIT, split))).blocks
    assert (rule.label, rule.column, rule.unit) == (label, column, unit)


HONESTY = [
    ("split: random", ["by day, 5 folds", "forward by sent, 5 folds"]),
    ("split: {group: shop, folds: 3}", ["random, 3 folds", "forward by sent, 3 folds"]),
    ("split: {forward: sent}", ["random, 5 folds"]),
    (f"{SPLIT}\nhonesty: false", []),
    ("split: {by: day, folds: 4}\nhonesty: {splits: [random]}", ["random, 4 folds"]),
    (
        f"{SPLIT}\nhonesty: {{splits: [random, {{group: shop, folds: 4}}]}}",
        ["random, 5 folds", "gr"],
    ),
]


@pytest.mark.parametrize(("split", "labels"), HONESTY)
def test_splits_of_the_honesty_panel(parcels: Folder, split: str, labels: list[str]) -> None:
    """By default those that the split is not; their place is unknown."""
    rules = resolved(changed(parcels, (SPLIT, split))).honesty
    assert [rule.label[: len(label)] for rule, label in zip(rules, labels, strict=True)] == labels
    assert all((rule.where is None) == ("splits" not in split) for rule in rules)


def test_a_sample_without_a_time(parcels: Folder) -> None:
    """Rows are drawn one by one, and nothing goes forward."""
    found = resolved(
        changed(parcels, ("sample: parcels", "sample: timeless"), (SPLIT, "split: random"))
    )
    assert found.honesty == () and found.blocks.label == "row"


def test_what_may_take_categories(parcels: Folder) -> None:
    """Gradient boosting does; so may what others make of them before a model."""
    boosting = "sklearn.ensemble.HistGradientBoostingClassifier"
    encoder = f"  b: {{estimator: {TREE}, steps: sklearn.preprocessing.OrdinalEncoder}}\n"
    inside = "  c:\n    estimator: sklearn.multiclass.OneVsRestClassifier\n"
    inside += f"    parameters: {{estimator: {boosting}}}\n"
    models = f"  a: {boosting}\n{encoder}{inside}"
    without = (CATEGORY, "  number: []"), (LOGISTIC, f"{models}")
    assert len(resolved(changed(parcels, *without)).candidates) == 5
