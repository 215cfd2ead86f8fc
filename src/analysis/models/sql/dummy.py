"""Models that look at no column."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.scores import Scores
from analysis.models.sql.term import Layers, Place, Terms, number


def dummy_regressor(model: Any, _terms: Terms, _layers: Layers, at: Place) -> Scores:
    """Write the one number that it always gives."""
    values = np.ravel(model.constant_)
    if len(values) != 1:
        raise at.refuse("it predicts several targets")
    return Scores(value=number(float(values[0])))


def dummy_classifier(model: Any, terms: Terms, _layers: Layers, at: Place) -> Scores:
    """Write the probabilities that it always gives."""
    if model.strategy in ("stratified", "uniform"):
        raise at.refuse(f"its strategy is `{model.strategy}`: what it says depends on chance")
    row = np.zeros((1, len(terms)))
    (probabilities,) = model.predict_proba(row)
    code = int(np.searchsorted(model.classes_, model.predict(row)[0]))
    written = tuple(number(float(value)) for value in probabilities)
    return Scores(probabilities=written, code=exp.Literal.number(code))
