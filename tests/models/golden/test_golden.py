"""Golden cases: what they hold, and that they stand where a model decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    BaggingRegressor,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeRegressor

from analysis.models.bundle.record import GoldenCase, Output
from analysis.models.golden.cases import MOST, Golden, golden
from analysis.models.golden.draws import unseen_texts
from analysis.models.golden.thresholds import around, thresholds
from analysis.models.predicting.checks import check_columns
from analysis.models.predicting.frame import frame_of
from analysis.models.predicting.predictor import Predictor
from tests.helpers.bundle_pipelines import FIELDS, fitted, rows
from tests.helpers.bundles import write_bundle

WIND, HOUR, HOLIDAY, CARRIER = FIELDS
COLUMNS, TARGET = rows("regression")
FRAME = frame_of(FIELDS, COLUMNS)
TREE = {"max_depth": 4, "random_state": 0}


def pipeline(estimator: Any, *steps: Any) -> Any:
    """Fit an estimator behind steps for numbers, with the category as a code."""
    numbers = make_pipeline(SimpleImputer(), *steps)
    columns = make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["carrier"]),
        (numbers, ["hour", "wind", "holiday"]),
    )
    return make_pipeline(columns, estimator).fit(FRAME, TARGET)


@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler((-1, 3)), RobustScaler()])
def test_thresholds_are_those_of_the_fields(scaler: Any) -> None:
    """A model moves at its thresholds, and nowhere else, when one column is moved."""
    fitted_one = pipeline(DecisionTreeRegressor(**TREE), scaler)
    known = thresholds(fitted_one, FIELDS)
    assert {*known} == {"wind", "hour", "holiday"} & {*known} and known["wind"]
    grid = np.linspace(0.01, 59.99, 4001)
    for hour in (3, 12, 20):
        columns: dict[str, Any] = {"wind": grid, "hour": [hour] * len(grid)}
        columns |= {"holiday": [False] * len(grid), "carrier": ["AA"] * len(grid)}
        found = fitted_one.predict(frame_of(FIELDS, columns))
        moved = np.flatnonzero(np.diff(found))
        for place in moved:
            between = [t for t in known["wind"] if grid[place] <= t <= grid[place + 1]]
            assert between, grid[place]


@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestRegressor(3, **TREE),
        ExtraTreesRegressor(3, **TREE),
        GradientBoostingRegressor(n_estimators=3, **TREE),
        HistGradientBoostingRegressor(max_iter=3),
        HistGradientBoostingRegressor(max_iter=3, categorical_features=[0]),
        BaggingRegressor(DecisionTreeRegressor(**TREE), 3, max_features=0.75, random_state=0),
    ],
)
def test_thresholds_of_ensembles_are_found(estimator: Any) -> None:
    known = thresholds(pipeline(estimator), FIELDS)
    assert known["wind"] and known["hour"]
    assert min(known["wind"]) > 0 and max(known["wind"]) < 60
    assert min(known["hour"]) >= 0 and max(known["hour"]) < 23
    assert "carrier" not in known


def test_edges_of_bins_are_found() -> None:
    binning = KBinsDiscretizer(4, encode="onehot-dense", strategy="uniform")
    known = thresholds(pipeline(Ridge(), binning), FIELDS)
    assert known["hour"] == pytest.approx((5.75, 11.5, 17.25))


def test_thresholds_behind_a_choice_of_columns_are_of_the_right_field() -> None:
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), SelectKBest(f_regression, k=1)), ["hour", "wind"]),
        (OneHotEncoder(sparse_output=False), ["carrier"]),
    )
    made = make_pipeline(columns, DecisionTreeRegressor(**TREE)).fit(FRAME, TARGET)
    assert {*thresholds(made, FIELDS)} == {"wind"}


def test_next_to_a_threshold_are_the_neighbours_that_a_field_can_have() -> None:
    near = around(WIND, 12.3)
    single = np.float32(12.3)
    assert near == [
        float(np.nextafter(single, np.float32(0))),
        float(np.nextafter(12.3, 0)),
        12.3,
        float(np.nextafter(12.3, 99)),
        float(np.nextafter(single, np.float32(99))),
    ]
    assert around(HOUR, 5.5) == [5, 6]
    assert around(HOUR, 5.0) == [4, 5, 6]
    assert all(isinstance(value, int) for value in around(HOUR, 5.0))
    assert around(WIND, 60.0)[-1] == 60.0
    assert around(WIND, 60.0001) == []
    assert around(HOLIDAY, 0.5) == []


def made(folder: Path, kind: str = "trees", **changed: Any) -> tuple[Predictor, Golden]:
    """Make golden cases of a small model."""
    bundle = write_bundle(folder, kind=kind)
    predictor = Predictor(replace(bundle, **changed), fitted("binary", kind))
    return predictor, golden(predictor)


def of(found: Golden, kind: str) -> list[GoldenCase]:
    """Give the cases of a kind."""
    return [case for case in found.cases if case.kind == kind]


def test_every_input_is_one_that_the_model_takes(tmp_path: Path) -> None:
    predictor, found = made(tmp_path)
    columns = {f.name: [case.inputs[f.name] for case in found.cases] for f in FIELDS}
    assert check_columns(predictor.bundle.fields, columns) == ()
    types = {f.name: {type(value) for value in columns[f.name]} for f in FIELDS}
    assert types["hour"] == {int, type(None)}
    assert types["holiday"] == {bool, type(None)}


def test_each_kind_is_about_what_its_name_says(tmp_path: Path) -> None:
    predictor, found = made(tmp_path)
    assert len(of(found, "ordinary")) == 50
    assert {case.inputs["carrier"] for case in of(found, "category")} == {*CARRIER.categories}
    unseen = {case.inputs["carrier"] for case in of(found, "unseen")}
    assert unseen == {*unseen_texts(CARRIER)}
    assert not unseen & {*CARRIER.categories}
    nulls = [tuple(n for n, v in c.inputs.items() if v is None) for c in of(found, "null")]
    assert {("wind",), ("hour",), ("holiday",), ("carrier",)} <= {n for n in nulls if len(n) == 1}
    assert ("wind", "hour", "holiday", "carrier") in nulls
    edges = [case.inputs for case in of(found, "edge")]
    assert {0.0, 60.0} <= {inputs["wind"] for inputs in edges}
    assert "-0.0" in {repr(inputs["wind"]) for inputs in edges}
    assert any(type(inputs["wind"]) is int for inputs in edges)
    known = thresholds(predictor.estimator, FIELDS)["wind"]
    assert {*known} <= {case.inputs["wind"] for case in of(found, "threshold")}
    assert found.left_out == 0


def test_nothing_is_unseen_or_null_where_the_model_takes_none(tmp_path: Path) -> None:
    closed = tuple(replace(field, nullable=False, unseen=False) for field in FIELDS)
    _, found = made(tmp_path, fields=closed)
    assert {case.kind for case in found.cases} == {"ordinary", "category", "threshold", "edge"}
    assert not [case for case in found.cases if None in case.inputs.values()]


def test_the_same_model_has_the_same_cases(tmp_path: Path) -> None:
    assert made(tmp_path / "a")[1] == made(tmp_path / "b")[1]


def test_too_many_thresholds_are_spread_and_counted(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    columns = {"wind": draw.uniform(0, 60, 3000).tolist()}
    tree = make_pipeline(DecisionTreeRegressor()).fit(frame_of([WIND], columns), draw.random(3000))
    bundle = write_bundle(
        tmp_path, task="regression", fields=(WIND,), outputs=(Output("prediction"),)
    )
    found = golden(Predictor(bundle, tree))
    assert len(of(found, "threshold")) <= MOST
    assert found.thresholds > 2000
    assert found.left_out == found.thresholds - len(of(found, "threshold")) // 5
    tried = [case.inputs["wind"] for case in of(found, "threshold")]
    assert min(map(float, tried)) < 1 and max(map(float, tried)) > 59  # type: ignore[arg-type]


def test_texts_that_were_not_seen_are_hard_to_write() -> None:
    texts = unseen_texts(replace(CARRIER, categories=("", "unseen", "AA")))
    assert "" not in texts and "unseen" not in texts
    assert any("'" in text for text in texts)
    assert "UNSEEN" in texts
