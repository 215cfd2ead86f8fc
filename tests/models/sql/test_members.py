"""Estimators that consist of others, as SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import ensemble
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from analysis.models.sql.term import UncompilableError
from tests.helpers.sql_models import agree, written
from tests.models.sql.test_calibrated import asked, data

LOGISTIC = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())
TREE = DecisionTreeClassifier(max_depth=4, random_state=0)
BOOSTED = HistGradientBoostingClassifier(max_iter=4)
CLASSIFIERS = [
    ensemble.VotingClassifier([("l", LOGISTIC), ("t", TREE), ("b", BOOSTED)], voting="soft"),
    ensemble.VotingClassifier([("l", LOGISTIC), ("t", TREE)], voting="soft", weights=[2, 0.5]),
    ensemble.StackingClassifier([("l", LOGISTIC), ("t", TREE), ("b", BOOSTED)], cv=2),
    ensemble.StackingClassifier(
        [("r", RidgeClassifier()), ("t", TREE)], passthrough=True, cv=2, stack_method="auto"
    ),
    ensemble.BaggingClassifier(TREE, 4, max_features=2, random_state=0),
    ensemble.BaggingClassifier(LogisticRegression(), 3, random_state=0),
]
LINE = LinearRegression()
LEAVES = DecisionTreeRegressor(max_depth=4, random_state=0)
REGRESSORS = [
    ensemble.VotingRegressor([("l", LINE), ("t", LEAVES)], weights=[1, 3]),
    ensemble.StackingRegressor([("l", LINE), ("t", LEAVES)], cv=2),
    ensemble.BaggingRegressor(LEAVES, 4, max_features=2, random_state=0),
    TransformedTargetRegressor(LINE, func=np.log, inverse_func=np.exp),
    TransformedTargetRegressor(LINE, func=np.log1p, inverse_func=np.expm1),
    TransformedTargetRegressor(HistGradientBoostingRegressor(max_iter=3)),
    TransformedTargetRegressor(LINE, transformer=StandardScaler()),
]


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("number", range(len(CLASSIFIERS)))
def test_classification(number: int, classes: int) -> None:
    frame, y = data(classes)
    agree(CLASSIFIERS[number].fit(frame, y), asked())


@pytest.mark.parametrize("number", range(len(REGRESSORS)))
def test_regression(number: int) -> None:
    frame, y = data(60)
    agree(REGRESSORS[number].fit(frame, y + 1.0), asked())


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (ensemble.VotingClassifier([("t", TREE)]), "counts votes"),
        (ensemble.BaggingClassifier(RidgeClassifier(), 2), "no probabilities"),
        (
            TransformedTargetRegressor(LINE, transformer=QuantileTransformer(n_quantiles=9)),
            "inverse",
        ),
    ],
    ids=["hard", "labels", "quantiles"],
)
def test_refused(model: Any, why: str) -> None:
    frame, y = data(2)
    with pytest.raises(UncompilableError, match=why):
        written(model.fit(frame, y), frame)
