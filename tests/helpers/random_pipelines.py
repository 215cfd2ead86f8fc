"""Small pipelines that are put together at random, of what can be written as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from analysis.experiments.runs.record import Task
from analysis.models.predicting.predictor import frame_of
from tests.helpers.bundle_pipelines import FIELDS, rows

NUMBERS = ["wind", "hour", "holiday"]


@st.composite
def pipelines(draw: st.DrawFn, task: Task) -> Any:
    """Draw a pipeline, fitted on made-up rows."""
    seed = draw(st.integers(0, 5))
    columns = ColumnTransformer(
        [
            ("number", draw(st.sampled_from(_numbers())), NUMBERS),
            ("carrier", draw(st.sampled_from(_categories())), ["carrier"]),
        ]
    )
    last = draw(st.sampled_from(_regressors(seed) if task == "regression" else _classifiers(seed)))
    given, target = rows(task, seed)
    return make_pipeline(columns, last).fit(frame_of(FIELDS, given), target)


def _numbers() -> Sequence[Any]:
    return (
        make_pipeline(SimpleImputer(), StandardScaler()),
        make_pipeline(SimpleImputer(strategy="median", add_indicator=True), MinMaxScaler()),
        make_pipeline(SimpleImputer(strategy="constant", fill_value=-1.0), RobustScaler()),
        make_pipeline(
            SimpleImputer(), KBinsDiscretizer(4, encode="onehot-dense", strategy="uniform")
        ),
    )


def _categories() -> Sequence[Any]:
    return (
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
        OneHotEncoder(drop="first", sparse_output=False),
        OneHotEncoder(min_frequency=120, handle_unknown="infrequent_if_exist", sparse_output=False),
        OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2
        ),
    )


def _classifiers(seed: int) -> Sequence[Any]:
    return (
        LogisticRegression(C=0.5, max_iter=500),
        LogisticRegression(class_weight="balanced", max_iter=500),
        DecisionTreeClassifier(max_depth=4, random_state=seed),
        RandomForestClassifier(5, max_depth=4, random_state=seed),
        ExtraTreesClassifier(5, max_depth=4, random_state=seed),
        GradientBoostingClassifier(n_estimators=5, random_state=seed),
        HistGradientBoostingClassifier(max_iter=5, random_state=seed),
        CalibratedClassifierCV(LogisticRegression(max_iter=500), cv=2),
        CalibratedClassifierCV(
            RandomForestClassifier(5, max_depth=3, random_state=seed), method="isotonic", cv=2
        ),
    )


def _regressors(seed: int) -> Sequence[Any]:
    return (
        LinearRegression(),
        Ridge(2.0),
        DecisionTreeRegressor(max_depth=4, random_state=seed),
        RandomForestRegressor(5, max_depth=4, random_state=seed),
        ExtraTreesRegressor(5, max_depth=4, random_state=seed),
        GradientBoostingRegressor(n_estimators=5, random_state=seed),
        HistGradientBoostingRegressor(max_iter=5, random_state=seed),
    )
