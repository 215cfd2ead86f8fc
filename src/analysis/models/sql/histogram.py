"""Histogram gradient boosting: missing values and categories go their own ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.links import both, exponential, names_of, positive, sigmoid, softmax
from analysis.models.sql.scores import Scores, numbers_only
from analysis.models.sql.sums import added_up
from analysis.models.sql.term import Layers, Place, Terms, number, text
from analysis.models.sql.trees import Members, Split, Threshold, Tree


def histogram_regressor(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write histogram gradient boosting that gives a number."""
    (score,) = _sums(model, terms, layers, at)
    link = type(model._loss.link).__name__
    if link == "IdentityLink":
        return Scores(value=score.expression)
    if link != "LogLink":
        raise at.refuse(f"its link is a {link}")
    return Scores(value=exponential(score.expression))


def histogram_classifier(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write histogram gradient boosting that gives probabilities."""
    sums = _sums(model, terms, layers, at)
    decisions = tuple(each.expression for each in sums)
    if len(sums) == 1:
        return Scores(None, both(sigmoid(decisions[0])), positive(decisions[0]), decisions)
    with layers.holding(sums):
        return Scores(None, softmax(sums, layers, at.named("softmax")), None, decisions)


def _sums(model: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    terms, counts = _inputs(model, terms, layers, at)
    starts = [number(float(value)) for value in np.ravel(model._baseline_prediction)]
    rounds = [[_tree(each, terms, counts) for each in members] for members in model._predictors]
    return added_up(starts, rounds, terms, layers, at)


def _inputs(
    model: Any, terms: Terms, layers: Layers, at: Place
) -> tuple[Terms, Sequence[int | None]]:
    """Give columns as the trees number them, and how many codes each has if it is of categories."""
    categorical = model.is_categorical_
    if model._preprocessor is None or categorical is None:
        return numbers_only(terms, at), [None] * len(terms)
    chosen = np.flatnonzero(categorical).tolist()
    others = tuple(terms[place] for place in np.flatnonzero(~categorical))
    numbers_only(others, at)
    known = [
        [each for each in categories if each == each and each is not None]
        for categories in model._preprocessor.named_transformers_["encoder"].categories_
    ]
    coded = [
        terms[place].to(_code(terms[place].expression, categories), "number")
        for place, categories in zip(chosen, known, strict=True)
    ]
    codes = layers.add(at.named("codes"), coded, keep=names_of(others))
    return (*codes, *others), [*map(len, known), *[None] * len(others)]


def _code(read: exp.Expr, categories: Sequence[Any]) -> exp.Expr:
    """Give the place of a category; ``NULL`` if it was not seen, which is as if it were missing."""
    if not categories:
        return exp.cast(exp.Null(), "double")
    return exp.Case(
        ifs=[
            exp.If(
                this=exp.EQ(this=read.copy(), expression=_literal(each)), true=number(float(place))
            )
            for place, each in enumerate(categories)
        ]
    )


def _literal(category: Any) -> exp.Expr:
    return text(category) if isinstance(category, str) else number(float(category))


def _tree(predictor: Any, terms: Terms, counts: Sequence[int | None]) -> tuple[Tree, list[float]]:
    nodes, bitsets = predictor.nodes, predictor.raw_left_cat_bitsets
    splits = [_split(node, terms, counts, bitsets) for node in nodes]
    tree = Tree(splits, nodes["left"].tolist(), nodes["right"].tolist())
    return tree, nodes["value"].tolist()


def _split(node: Any, terms: Terms, counts: Sequence[int | None], bitsets: Any) -> Split | None:
    if node["is_leaf"]:
        return None
    feature, missing_left = int(node["feature_idx"]), bool(node["missing_go_to_left"])
    if not node["is_categorical"]:
        return Threshold(terms[feature], float(node["num_threshold"]), missing_left)
    words = bitsets[node["bitset_idx"]].tolist()
    count = counts[feature] or 0
    left = {code for code in range(count) if words[code // 32] >> code % 32 & 1}
    return Members(terms[feature], frozenset(left), count, missing_left)
