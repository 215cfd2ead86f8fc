"""Linear models as SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import discriminant_analysis, dummy, linear_model, svm

from analysis.models.sql.term import UncompilableError
from tests.helpers.sql_models import agree, in_duckdb, in_postgres, written

REGRESSORS = [
    linear_model.LinearRegression(),
    linear_model.Ridge(),
    linear_model.Lasso(0.5),
    linear_model.ElasticNetCV(cv=3),
    linear_model.BayesianRidge(),
    linear_model.HuberRegressor(),
    linear_model.SGDRegressor(random_state=0),
    svm.LinearSVR(max_iter=5000),
    linear_model.PoissonRegressor(),
    linear_model.GammaRegressor(),
    linear_model.TweedieRegressor(power=0),
    dummy.DummyRegressor(),
    dummy.DummyRegressor(strategy="quantile", quantile=0.3),
]
CLASSIFIERS = [
    linear_model.LogisticRegression(max_iter=1000),
    linear_model.LogisticRegression(C=1e6, max_iter=5000),
    linear_model.SGDClassifier(loss="log_loss", random_state=0),
    linear_model.SGDClassifier(random_state=0),
    linear_model.RidgeClassifier(),
    svm.LinearSVC(max_iter=5000),
    discriminant_analysis.LinearDiscriminantAnalysis(),
    dummy.DummyClassifier(),
    dummy.DummyClassifier(strategy="most_frequent"),
    dummy.DummyClassifier(strategy="constant", constant=1),
]


def frame_of(seed: int = 0, rows: int = 200) -> pd.DataFrame:
    """Make columns of numbers."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(rows, 4)), columns=["a", "b b", 'c"', "select"])


def asked() -> pd.DataFrame:
    """Make rows to ask for: ordinary, far away, missing and infinite ones."""
    frame = pd.concat([frame_of(1, 60), frame_of(2, 20) * 1e3], ignore_index=True)
    frame.iloc[3, 0] = frame.iloc[4, 2] = frame.iloc[4, 3] = np.nan
    frame.iloc[5, 1], frame.iloc[6, 2] = np.inf, -np.inf
    return frame


def target(classes: int) -> Any:
    """Make a target of so many classes."""
    frame = frame_of()
    score = frame["a"] * 2 - frame["b b"] + np.random.default_rng(5).normal(size=len(frame))
    return pd.qcut(score, classes, labels=False).to_numpy()


@pytest.mark.parametrize("model", REGRESSORS, ids=lambda model: str(model)[:40])
def test_regression(model: Any) -> None:
    frame = frame_of()
    y = np.exp(frame["a"] - 0.3 * frame["b b"])
    model.fit(frame, y)
    agree(model, asked().clip(-90, 90) if hasattr(model, "_base_loss") else asked())
    if type(model).__name__ == "PoissonRegressor":  # what is too large to be a number is NULL
        far = in_duckdb(written(model, frame), frame * np.sign(model.coef_) * 1e5).value
        assert not np.isinf(far).any()
        assert np.isnan(far).any()


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("model", CLASSIFIERS, ids=lambda model: str(model)[:60])
def test_classification(model: Any, classes: int) -> None:
    agree(model.fit(frame_of(), target(classes)), asked())


@pytest.mark.parametrize("classes", [2, 4])
def test_postgres(postgres: Any, classes: int) -> None:
    with postgres.connect() as con:
        for model in CLASSIFIERS:
            model.fit(frame_of(), target(classes))
            agree(model, asked(), [lambda *given: in_postgres(con, *given)])


def test_columns_that_are_sure_to_be_there_need_no_check() -> None:
    model = linear_model.Lasso(0.5).fit(frame_of(), frame_of()["a"])
    query = written(model, frame_of(), nullable=False)
    assert query.sql("duckdb").count("*") < written(model, frame_of()).sql("duckdb").count("*")
    answers = in_duckdb(query, frame_of())
    np.testing.assert_allclose(answers.value, model.predict(frame_of()), 0, 1e-12)


@pytest.mark.parametrize(
    "model",
    [
        linear_model.LinearRegression().fit(frame_of(), frame_of()),
        dummy.DummyClassifier(strategy="uniform").fit(frame_of(), target(2)),
        linear_model.SGDClassifier(loss="modified_huber").fit(frame_of(), target(2)),
        svm.SVC().fit(frame_of(), target(2)),
    ],
    ids=lambda model: type(model).__name__,
)
def test_refused(model: Any) -> None:
    with pytest.raises(UncompilableError) as refused:
        written(model, frame_of())
    assert refused.value.step == "model"
