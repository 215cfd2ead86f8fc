"""Decision trees and forests, which read their input as float32."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from analysis.models.sql.links import case, divided, joined
from analysis.models.sql.scores import Scores, numbers_only
from analysis.models.sql.sums import added_up
from analysis.models.sql.term import Layers, Place, Terms, number
from analysis.models.sql.trees import FLOAT32_LIMIT, Threshold, Tree, double_threshold


def tree_regressor(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a decision tree that gives a number, or a forest of them: the mean."""
    return Scores(value=_means(model, terms, layers, at, 1)[0])


def tree_classifier(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a decision tree that gives probabilities, or a forest of them: the means."""
    if model.n_outputs_ != 1:
        raise at.refuse("it predicts several targets")
    return Scores(probabilities=_means(model, terms, layers, at, len(model.classes_)))


def _means(model: Any, terms: Terms, layers: Layers, at: Place, many: int) -> tuple[exp.Expr, ...]:
    if model.n_outputs_ != 1:
        raise at.refuse("it predicts several targets")
    members = getattr(model, "estimators_", None) or [model]
    numbers_only(terms, at)
    rounds = []
    for member in members:
        tree, values = tree_of(member.tree_, terms), member.tree_.value
        rounds.append([(tree, values[:, 0, place].tolist()) for place in range(many)])
    start = refusing(terms, number(0.0), missing=takes_missing(members[0]))
    sums = added_up([start.copy() for _ in range(many)], rounds, terms, layers, at)
    if len(members) == 1:
        return tuple(each.expression for each in sums)
    return tuple(divided(each.expression, number(float(len(members)))) for each in sums)


def tree_of(tree: Any, terms: Terms) -> Tree:
    """Read scikit-learn's arrays of a tree."""
    features, missing = tree.feature.tolist(), tree.missing_go_to_left.tolist()
    left, right = tree.children_left.tolist(), tree.children_right.tolist()
    splits = [
        None
        if left[node] == -1
        else Threshold(terms[features[node]], double_threshold(value), bool(missing[node]))
        for node, value in enumerate(tree.threshold.tolist())
    ]
    return Tree(splits, left, right)


def takes_missing(tree: Any) -> bool:
    """Say whether a tree takes missing values, also those that it has not seen in training."""
    return bool(tree.__sklearn_tags__().input_tags.allow_nan) and tree.monotonic_cst is None


def refusing(terms: Terms, start: exp.Expr, *, missing: bool) -> exp.Expr:
    """Give ``start``, but ``NULL`` for what cannot be a float32, or is missing unless it may be."""
    limits = (number(-FLOAT32_LIMIT), number(FLOAT32_LIMIT))
    below, above = (exp.LTE, exp.GTE) if missing else (exp.GT, exp.LT)
    tests = [
        kind(this=term.expression.copy(), expression=limit.copy())
        for term in terms
        if term.nullable
        for kind, limit in zip((below, above), limits, strict=True)
    ]
    if not tests:
        return start
    if missing:
        return case(joined(exp.Or, tests), exp.Null(), start)
    return case(joined(exp.And, tests), start)
