"""Small fitted pipelines on made-up rows: what they take, and what scikit-learn says of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.experiments.runs.record import Task
from analysis.models.bundle.record import QUANTILES, Field
from analysis.models.predicting.predictor import frame_of

ROWS = 400
CLASSES: dict[Task, tuple[str, ...]] = {
    "binary": ("false", "true"),
    "multiclass": ("Adelie", "Chinstrap", "Gentoo"),
    "regression": (),
}
_CARRIERS = ("AA", 'Ö\'Neill "air"', "UA")
FIELDS = (
    Field(
        name="wind",
        type="number",
        relation="features.weather",
        description="Speed of the wind",
        unit="km/h",
        nullable=True,
        nulls=0.1,
        low=0.0,
        high=60.0,
        quantiles=tuple(60 * q for q in QUANTILES),
    ),
    Field(
        name="hour",
        type="integer",
        relation="samples.trips",
        description=None,
        unit=None,
        nullable=True,
        nulls=0.0,
        low=0,
        high=23,
        quantiles=tuple(23 * q for q in QUANTILES),
    ),
    Field(
        name="holiday",
        type="boolean",
        relation="features.plan",
        description="Whether it is a holiday",
        unit=None,
        nullable=True,
        nulls=0.0,
        mean=0.5,
    ),
    Field(
        name="carrier",
        type="category",
        relation="features.plan",
        description="Who carries",
        unit=None,
        nullable=True,
        nulls=0.0,
        categories=_CARRIERS,
        shares=(0.5, 0.25, 0.25),
        unseen=True,
    ),
)
INPUTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ordinary", {"wind": 12.5, "hour": 8, "holiday": True, "carrier": "AA"}),
    ("ordinary", {"wind": 48.25, "hour": 17, "holiday": False, "carrier": "UA"}),
    ("category", {"wind": 20.0, "hour": 11, "holiday": False, "carrier": _CARRIERS[1]}),
    ("unseen", {"wind": 20.0, "hour": 11, "holiday": False, "carrier": "ZZ"}),
    ("null", {"wind": None, "hour": 11, "holiday": None, "carrier": None}),
    ("edge", {"wind": 60.0, "hour": 23, "holiday": True, "carrier": "UA"}),
)


@functools.cache
def fitted(task: Task, kind: str = "linear", seed: int = 1) -> Any:
    """Fit a small pipeline on made-up rows."""
    columns, target = rows(task, seed)
    return _pipeline(task, kind).fit(frame_of(FIELDS, columns), target)


def rows(task: Task, seed: int = 1) -> tuple[dict[str, list[Any]], Any]:
    """Make up rows: columns of values, and class codes or values."""
    draw = np.random.default_rng(seed)
    wind, hour = draw.uniform(0, 60, ROWS), draw.integers(0, 24, ROWS)
    holiday, carrier = draw.random(ROWS) < 0.5, draw.integers(0, 3, ROWS)
    score = 0.05 * wind + 0.1 * hour - 0.8 * holiday + 0.5 * carrier + draw.normal(0, 0.5, ROWS)
    gone = draw.random(ROWS) < 0.1
    columns: dict[str, list[Any]] = {
        "wind": [
            None if missing else float(value) for missing, value in zip(gone, wind, strict=True)
        ],
        "hour": [int(value) for value in hour],
        "holiday": [bool(value) for value in holiday],
        "carrier": [_CARRIERS[code] for code in carrier],
    }
    if task == "regression":
        return columns, score
    cuts = np.quantile(score, [0.6] if task == "binary" else [0.4, 0.7])
    return columns, np.searchsorted(cuts, score)


def outputs_of(
    estimator: Any, task: Task, inputs: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Give what scikit-learn itself says of inputs, by the names that outputs have."""
    columns = {field.name: [row[field.name] for row in inputs] for field in FIELDS}
    frame = frame_of(FIELDS, columns)
    if task == "regression":
        return [{"prediction": float(value)} for value in estimator.predict(frame)]
    names = CLASSES[task]
    found = []
    for chances in estimator.predict_proba(frame):
        label = names[int(np.argmax(chances))]
        if task == "binary":
            found.append({"prediction": label == "true", "probability": float(chances[1])})
        else:
            each = {f"probability_{n}": float(p) for n, p in zip(names, chances, strict=True)}
            found.append({"prediction": label, **each})
    return found


def _pipeline(task: Task, kind: str) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["wind", "hour", "holiday"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["carrier"]),
    )
    if kind == "trees":
        boosted = HistGradientBoostingRegressor if task == "regression" else None
        return make_pipeline(columns, (boosted or HistGradientBoostingClassifier)(max_iter=10))
    return make_pipeline(columns, Ridge() if task == "regression" else LogisticRegression())
