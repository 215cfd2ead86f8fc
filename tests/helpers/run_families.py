"""Candidates for runs that are made up: a baseline, single ones, and search spaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.experiments.runs.record import Task
from tests.helpers.run_values import generator


@dataclass(frozen=True)
class Setting:
    """A candidate: its name, the declared one that it is of, and its parameters."""

    name: str
    family: str | None = None
    estimator: str = "sklearn.linear_model.LogisticRegression"
    parameters: Mapping[str, Any] = field(default_factory=lambda: {"C": 1.0})


_DUMMY = {
    "regression": ("sklearn.dummy.DummyRegressor", {"strategy": "mean"}),
    "binary": ("sklearn.dummy.DummyClassifier", {"strategy": "prior"}),
    "multiclass": ("sklearn.dummy.DummyClassifier", {"strategy": "prior"}),
}
_LINEAR = {
    "regression": "sklearn.linear_model.Ridge",
    "binary": "sklearn.linear_model.LogisticRegression",
    "multiclass": "sklearn.linear_model.LogisticRegression",
}


def settings(task: Task, count: int) -> tuple[Setting, ...]:
    """Give ``count`` candidates: a baseline, a linear model, then draws of two search spaces."""
    estimator, parameters = _DUMMY[task]
    found = [
        Setting("base rate", None, estimator, parameters),
        Setting("linear", None, _LINEAR[task], {"max_iter": 500}),
    ]
    kind = "Regressor" if task == "regression" else "Classifier"
    for number in range(1, count):
        found += [_forest(kind, number), _boosting(kind, number)]
    return tuple(found[:count])


def _forest(kind: str, number: int) -> Setting:
    draw = generator(f"forest {number}")
    return Setting(
        f"forest {number}",
        "forest",
        f"sklearn.ensemble.RandomForest{kind}",
        {
            "n_estimators": int(draw.choice([100, 200, 400])),
            "max_depth": None if draw.random() < 0.3 else int(draw.integers(3, 20)),
            "min_samples_leaf": int(draw.integers(1, 60)),
            "max_features": str(draw.choice(["sqrt", "log2"])),
        },
    )


def _boosting(kind: str, number: int) -> Setting:
    draw = generator(f"boosting {number}")
    return Setting(
        f"boosting {number}",
        "boosting",
        f"sklearn.ensemble.HistGradientBoosting{kind}",
        {
            "learning_rate": round(float(10 ** draw.uniform(-2, 0)), 5),
            "max_leaf_nodes": int(draw.integers(4, 64)),
            "max_iter": int(draw.choice([50, 100, 200])),
            "l2_regularization": round(float(draw.uniform(0, 1)), 3),
        },
    )
