"""Histogram gradient boosting as SQL, with what is missing, unseen, and of categories."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from analysis.models.sql.term import UncompilableError
from tests.helpers.sql_models import HERE, agree, in_postgres, written

PLACES = [f"place {number:02}" for number in range(60)]


def data(classes: int, seed: int = 0, rows: int = 900) -> tuple[pd.DataFrame, Any]:
    """Make numbers and categories, in part missing, and a target of so many classes."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(rows, 3)).round(2), columns=["a", "b", "never missing"])
    frame.loc[rng.random(rows) < 0.1, ["a"]] = np.nan
    frame.loc[rng.random(rows) < 0.1, ["b"]] = np.nan
    frame.insert(1, "place", pd.Categorical(rng.choice(PLACES, rows), categories=PLACES))
    frame["kind"] = pd.Categorical(rng.choice(["it's", "ö", "UPPER", "upper"], rows))
    frame.loc[rng.random(rows) < 0.1, "kind"] = np.nan
    score = frame["a"].fillna(1) * frame["never missing"] + np.sin(frame["place"].cat.codes)
    score += (frame["kind"] == "ö") * 2 + rng.normal(size=rows) / 4
    return frame, pd.qcut(score, classes, labels=False).to_numpy() if classes else score


def around(model: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Make rows at and next to thresholds, with missing and unseen values."""
    nodes = np.concatenate([each.nodes for each in np.ravel(model._predictors)])
    splits = nodes[(nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)]["num_threshold"]
    special = [math.nan, math.inf, -math.inf, 1e300]
    for value in sorted(set(splits.tolist()))[:80]:
        special += [value, math.nextafter(value, math.inf), math.nextafter(value, -math.inf)]
    rows = [_open(frame.head(150))]
    for name in ("a", "b", "never missing"):
        more = _open(frame.sample(len(special), replace=True, random_state=2))
        more[name] = special
        rows.append(more)
    more = _open(frame.head(40))
    more.loc[more.index[:20], "place"], more.loc[more.index[10:], "kind"] = "unseen", "unseen"
    more.loc[more.index[30:], "place"] = np.nan
    made = pd.concat([*rows, more], ignore_index=True)
    return made.astype({"place": "category", "kind": "category"})


def _open(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"place": object, "kind": object})


@pytest.mark.parametrize("categorical", ["from_dtype", None])
@pytest.mark.parametrize("classes", [2, 3])
def test_classification(classes: int, categorical: Any) -> None:
    frame, y = data(classes)
    model = HistGradientBoostingClassifier(max_iter=12, categorical_features=categorical)
    if categorical is None:
        numbers = frame[["a", "b", "never missing"]]
        model.fit(numbers, y)
        asked = around(model, frame)
        agree(model, asked[list(numbers)])
    else:
        model.fit(frame, y)
        agree(model, around(model, frame))


@pytest.mark.parametrize(
    "loss", ["squared_error", "absolute_error", "poisson", "gamma", "quantile"]
)
def test_regression(loss: str) -> None:
    frame, y = data(0)
    quantile = 0.8 if loss == "quantile" else None
    model = HistGradientBoostingRegressor(loss=loss, quantile=quantile, max_iter=12)
    agree(model.fit(frame, np.exp(y / 4)), around(model, frame))


def test_categories_that_are_numbers() -> None:
    frame, y = data(2)
    frame = frame[["a", "b"]].assign(code=frame["place"].cat.codes.astype(float))
    frame.loc[::9, "code"] = np.nan
    model = HistGradientBoostingClassifier(max_iter=9, categorical_features=["code"])
    asked = frame.head(300).copy()
    asked.loc[:20, "code"] = 77.0
    agree(model.fit(frame, y), asked)


def test_sums_have_the_same_digits() -> None:
    frame, y = data(0)
    model = HistGradientBoostingRegressor(max_iter=70, max_leaf_nodes=60).fit(frame, y)
    query = written(model, frame)
    for ask in HERE:
        assert (ask(query, frame).value == model.predict(frame)).all()


def test_without_missing_values_in_training() -> None:
    frame, y = data(2)
    whole = frame.dropna()
    model = HistGradientBoostingClassifier(max_iter=9).fit(whole, y[whole.index])
    agree(model, around(model, frame))


def test_deep_trees() -> None:
    frame, y = data(0)
    model = HistGradientBoostingRegressor(
        max_iter=2, max_leaf_nodes=None, min_samples_leaf=1, learning_rate=1
    )
    agree(model.fit(frame, y**5), around(model, frame))


def test_postgres(postgres: Any) -> None:
    with postgres.connect() as con:
        for classes in (2, 3):
            frame, y = data(classes)
            model = HistGradientBoostingClassifier(max_iter=30).fit(frame, y)
            asked = around(model, frame)
            agree(model, asked, [lambda *given: in_postgres(con, *given)])


def test_a_category_needs_to_be_taken_as_one() -> None:
    frame, y = data(2)
    model = HistGradientBoostingClassifier(max_iter=2).fit(frame[["a", "b"]], y)
    with pytest.raises(UncompilableError, match="takes the category `place`"):
        written(model, frame[["a", "place"]])
