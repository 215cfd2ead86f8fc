"""Calibrated classifiers as SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    BaggingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from tests.helpers.sql_models import agree, in_postgres

INNER = [
    LogisticRegression(),
    LinearSVC(),
    RandomForestClassifier(5, max_depth=4, random_state=0),
    HistGradientBoostingClassifier(max_iter=5),
    make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()),
]


def data(classes: int, rows: int = 400) -> tuple[pd.DataFrame, Any]:
    """Make columns and a target of so many classes."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(rows, 3)), columns=["a", "b", "c"])
    score = frame["a"] * 2 - frame["b"] * frame["c"] + rng.normal(size=rows)
    return frame, pd.qcut(score, classes, labels=False).to_numpy()


def asked() -> pd.DataFrame:
    """Make rows to ask for: seen ones, others, missing and far ones."""
    frame, _ = data(2)
    other = pd.DataFrame(np.random.default_rng(1).normal(size=(60, 3)) * 4, columns=[*frame])
    other.iloc[3, 0] = other.iloc[4, 2] = np.nan
    other.iloc[5] = np.nan
    return pd.concat([frame.head(150), other], ignore_index=True)


@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("inner", INNER, ids=lambda inner: type(inner).__name__)
def test_calibrated(inner: Any, classes: int, method: Any, ensemble: bool) -> None:
    frame, y = data(classes)
    model = CalibratedClassifierCV(inner, method=method, cv=2, ensemble=ensemble)
    agree(model.fit(frame, y), asked())


def test_a_bag_of_classifiers_that_decide() -> None:
    frame, y = data(2)
    inner = BaggingClassifier(LogisticRegression(), 3, random_state=0)
    agree(CalibratedClassifierCV(inner, cv=2, ensemble=False).fit(frame, y), asked())


def test_frozen() -> None:
    frame, y = data(3)
    inner = FrozenEstimator(RandomForestClassifier(5, random_state=0).fit(frame[:200], y[:200]))
    agree(CalibratedClassifierCV(inner, method="isotonic").fit(frame[200:], y[200:]), asked())


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
def test_postgres(postgres: Any, method: Any) -> None:
    with postgres.connect() as con:
        for classes in (2, 3):
            frame, y = data(classes)
            model = CalibratedClassifierCV(INNER[2], method=method, cv=3).fit(frame, y)
            agree(model, asked(), [lambda *given: in_postgres(con, *given)])
