"""Decision trees, forests and gradient boosting as SQL: each digit as in scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import ensemble, tree

from analysis.models.sql.term import UncompilableError
from analysis.models.sql.trees import FLOAT32_LIMIT, double_threshold, runs
from tests.helpers.sql_models import HERE, agree, in_postgres, written

TREES = [
    tree.DecisionTreeClassifier(max_depth=6, random_state=0),
    tree.ExtraTreeClassifier(max_depth=8, random_state=0),
    ensemble.RandomForestClassifier(12, min_samples_leaf=3, random_state=0),
    ensemble.ExtraTreesClassifier(9, max_depth=5, random_state=0),
    ensemble.GradientBoostingClassifier(n_estimators=15, random_state=0),
    ensemble.GradientBoostingClassifier(n_estimators=4, init="zero", random_state=0),
]
REGRESSORS = [
    tree.DecisionTreeRegressor(max_depth=6, random_state=0),
    ensemble.RandomForestRegressor(12, min_samples_leaf=3, random_state=0),
    ensemble.ExtraTreesRegressor(9, max_depth=5, random_state=0),
    ensemble.GradientBoostingRegressor(n_estimators=15, random_state=0),
    ensemble.GradientBoostingRegressor(loss="huber", n_estimators=15, random_state=0),
    ensemble.GradientBoostingRegressor(loss="quantile", n_estimators=5, random_state=0),
]


def data(classes: int, *, missing: bool = False, seed: int = 0) -> tuple[pd.DataFrame, Any]:
    """Make columns, some with few values, and a target of so many classes (0: a number)."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(400, 4)).round(2), columns=["a", "b", "c", "d"])
    frame["d"] = rng.integers(0, 4, 400) / 10
    score = frame["a"] * frame["b"] + frame["c"] + 3 * frame["d"] + rng.normal(size=400) / 3
    if missing:
        frame = frame.mask(rng.random(frame.shape) < 0.15)
    return frame, pd.qcut(score, classes, labels=False).to_numpy() if classes else score


def around(model: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Make rows with values at thresholds, next to them, and where a float32 is just in between."""
    rows = [frame.head(120), frame.head(6) * 1e6]
    special: list[float] = []
    for threshold in thresholds(model)[:60]:
        exact = double_threshold(threshold)
        for value in (threshold, exact):
            special += [value, math.nextafter(value, math.inf), math.nextafter(value, -math.inf)]
    special += [0.0, -0.0, 1e-46, 3e38, 3.4028235677973362e38, 3.4028235677973366e38, 1e300, 5e-324]
    special += [math.nan, math.inf, -math.inf]
    for name in frame:
        more = frame.sample(len(special), replace=True, random_state=1).reset_index(drop=True)
        more[name] = special
        rows.append(more)
    return pd.concat(rows, ignore_index=True)


def thresholds(model: Any) -> list[float]:
    """Give the thresholds of a model's trees."""
    if hasattr(model, "tree_"):
        return sorted({float(each) for each in model.tree_.threshold if each != -2})
    return [each for member in np.ravel(model.estimators_) for each in thresholds(member)]


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("model", TREES, ids=lambda model: str(model)[:40])
def test_classification(model: Any, classes: int, missing: bool) -> None:
    frame, y = data(classes, missing=missing and "Gradient" not in str(model))
    agree(model.fit(frame, y), around(model, frame))


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("model", REGRESSORS, ids=lambda model: str(model)[:50])
def test_regression(model: Any, missing: bool) -> None:
    frame, y = data(0, missing=missing and "Gradient" not in str(model))
    agree(model.fit(frame, y), around(model, frame))


def test_exponential_loss() -> None:
    frame, y = data(2)
    model = ensemble.GradientBoostingClassifier(loss="exponential", n_estimators=9, random_state=0)
    agree(model.fit(frame, y), around(model, frame))


def test_sums_have_the_same_digits() -> None:
    frame, y = data(0)
    for model in (REGRESSORS[1], REGRESSORS[3]):
        model.fit(frame, y)
        query = written(model, frame)
        for ask in HERE:
            assert (ask(query, frame).value == model.predict(frame)).all()


def test_a_tree_of_one_leaf() -> None:
    frame, y = data(3)
    agree(tree.DecisionTreeClassifier(min_samples_leaf=300).fit(frame, y), frame.head(9))


def test_missing_values_may_be_all_that_a_split_asks() -> None:
    frame = pd.DataFrame({"a": [np.nan, 1.0, 2.0, np.nan, 3.0] * 9, "b": np.arange(45.0)})
    y = frame["a"].isna().to_numpy().astype(int)
    for model in (tree.DecisionTreeClassifier(), ensemble.ExtraTreesClassifier(5)):
        agree(model.fit(frame[["a"]], y), frame[["a"]])
        agree(model.fit(frame[["a"]], 1 - y), frame[["a"]])


@pytest.mark.parametrize("direction", [1, -1])
def test_a_tree_like_a_rope(direction: int) -> None:
    rows = 700
    frame = pd.DataFrame({"a": direction * 1.5 ** np.arange(-rows / 2, rows / 2) ** 1.0})
    frame = frame[np.abs(frame["a"]) < 1e38].reset_index(drop=True)
    model = tree.DecisionTreeRegressor().fit(frame, 2.0 ** np.arange(len(frame)))
    assert model.get_depth() > 60
    agree(model, pd.concat([frame, frame * 1.0001, frame * 0.9999], ignore_index=True))


def test_a_tree_that_is_large() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(6000, 3)), columns=["a", "b", "c"])
    model = tree.DecisionTreeClassifier(random_state=0).fit(frame, rng.integers(0, 2, 6000))
    assert model.get_n_leaves() > 1000
    agree(model, frame.head(500) + 1e-3)


def test_too_many_leaves_are_refused() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(3000, 3)), columns=["a", "b", "c"])
    model = ensemble.ExtraTreesRegressor(80, random_state=0).fit(frame, rng.normal(size=3000))
    with pytest.raises(UncompilableError, match="leaves"):
        written(model, frame)


def test_a_start_that_is_a_model_is_refused() -> None:
    frame, y = data(2)
    model = ensemble.GradientBoostingClassifier(
        n_estimators=2, init=tree.DecisionTreeClassifier(max_depth=2)
    )
    with pytest.raises(UncompilableError, match="start from a `DecisionTreeClassifier`"):
        written(model.fit(frame, y), frame)


def test_postgres(postgres: Any) -> None:
    with postgres.connect() as con:
        for model in TREES:
            frame, y = data(3)
            agree(
                model.fit(frame, y),
                around(model, frame).iloc[::5].reset_index(drop=True),
                [lambda *given: in_postgres(con, *given)],
            )


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_a_threshold_of_doubles_is_that_of_float32(low: float, part: float) -> None:
    with np.errstate(over="ignore"):
        step = float(np.nextafter(np.float32(low), np.float32(np.inf)))
    if not math.isfinite(step):
        return
    threshold = low + (step - low) * part
    exact = double_threshold(threshold)
    with np.errstate(over="ignore"):
        for value in (threshold, exact, math.nextafter(exact, math.inf), low, step):
            assert (float(np.float32(value)) <= threshold) == (value <= exact)


def test_the_limit_of_float32() -> None:
    with np.errstate(over="ignore"):
        assert np.isinf(np.float32(FLOAT32_LIMIT))
        assert np.isfinite(np.float32(math.nextafter(FLOAT32_LIMIT, 0)))


def test_runs_of_codes() -> None:
    assert runs(frozenset({5, 1, 2, 3, 9})) == [(1, 3), (5, 5), (9, 9)]
