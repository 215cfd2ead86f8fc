"""Gradient boosting: trees that read float32, and the links of their losses."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.forests import refusing, tree_of
from analysis.models.sql.links import both, positive, sigmoid, softmax
from analysis.models.sql.scores import Scores, numbers_only
from analysis.models.sql.sums import added_up
from analysis.models.sql.term import Layers, Place, Terms, number
from analysis.models.sql.trees import Tree


def boosted_regressor(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write gradient boosting that gives a number."""
    return Scores(value=_sums(model, terms, layers, at)[0].expression)


def boosted_classifier(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write gradient boosting that gives probabilities."""
    sums = _sums(model, terms, layers, at)
    decisions = tuple(each.expression for each in sums)
    if len(sums) > 1:
        with layers.holding(sums):
            return Scores(None, softmax(sums, layers, at.named("softmax")), None, decisions)
    (score,) = decisions
    code = positive(score, or_zero=True)
    if model.loss == "exponential":
        twice = exp.Mul(this=number(2.0), expression=score)
        with layers.holding(sums):
            (half,) = layers.add(at.named("twice"), [sums[0].to(twice)])
        return Scores(None, both(sigmoid(half.expression)), code, decisions)
    return Scores(None, both(sigmoid(score)), code, decisions)


def _sums(model: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    numbers_only(terms, at)
    init = type(model.init_).__name__
    if init not in ("str", "DummyClassifier", "DummyRegressor"):
        raise at.refuse(f"its trees start from a `{init}`, which is not among what can be compiled")
    start = model._raw_predict_init(np.zeros((1, len(terms)), np.float32))[0].tolist()
    rounds: list[list[tuple[Tree, list[float]]]] = []
    for members in model.estimators_:
        rounds.append([])
        for member in members:
            values = (model.learning_rate * member.tree_.value[:, 0, 0]).tolist()
            rounds[-1].append((tree_of(member.tree_, terms), values))
    starts = [refusing(terms, number(value), missing=False) for value in start]
    return added_up(starts, rounds, terms, layers, at)
