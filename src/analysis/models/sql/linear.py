"""Linear models: a weighted sum, and what is made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.links import (
    both,
    exponential,
    finite,
    highest,
    normalised,
    positive,
    sigmoid,
    softmax,
)
from analysis.models.sql.scores import Scores, numbers_only
from analysis.models.sql.term import Layers, Place, Term, Terms, number, total


def linear_regression(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a regression whose prediction is the weighted sum itself."""
    return Scores(value=finite(_one(model, terms, layers, at).expression))


def generalised_regression(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a regression with a link: Poisson, gamma, Tweedie."""
    score = _one(model, terms, layers, at)
    link = type(model._base_loss.link).__name__
    if link == "IdentityLink":
        return Scores(value=finite(score.expression))
    if link != "LogLink":
        raise at.refuse(f"its link is a {link}")
    (score,) = layers.add(at.named("score"), [score.to(finite(score.expression))])
    return Scores(value=exponential(score.expression))


def linear_classifier(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a classifier that gives labels, but no probabilities."""
    return _labels(_sums(model, terms, layers, at), layers, at)


def logistic(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a logistic regression of two or several classes, or a linear discriminant analysis."""
    scores = _sums(model, terms, layers, at)
    if len(scores) == 1:
        return _two(scores)
    decisions = tuple(score.expression for score in scores)
    with layers.holding(scores):
        return Scores(
            probabilities=softmax(scores, layers, at.named("softmax")), decisions=decisions
        )


def stochastic(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a classifier of stochastic gradient descent: each class against the rest."""
    scores = _sums(model, terms, layers, at)
    if model.loss == "modified_huber":
        raise at.refuse("the probabilities of `modified_huber` are not among what can be compiled")
    if model.loss != "log_loss":
        return _labels(scores, layers, at)
    if len(scores) == 1:
        return _two(scores)
    with layers.holding(scores):
        labels = _labels(scores, layers, at)
        (code,) = layers.add(at.named("label"), [Term("code", _given(labels.code))])
        with layers.holding((code,)):
            parts = [score.to(sigmoid(score.expression)) for score in scores]
            shares = layers.add(at.named("sigmoid"), parts)
            even = normalised(shares, layers, at.named("sum"), even=True)
    return Scores(probabilities=even, code=code.expression, decisions=labels.decisions)


def _two(scores: Terms) -> Scores:
    (score,) = scores
    probabilities = both(sigmoid(score.expression))
    return Scores(None, probabilities, positive(score.expression), (score.expression,))


def _labels(scores: Terms, layers: Layers, at: Place) -> Scores:
    decisions = tuple(score.expression for score in scores)
    if len(scores) == 1:
        return Scores(code=positive(decisions[0]), decisions=decisions)
    return Scores(code=highest(scores, layers, at.named("top"))[1], decisions=decisions)


def _one(model: Any, terms: Terms, layers: Layers, at: Place) -> Term:
    weights = np.atleast_2d(model.coef_)
    if len(weights) != 1:
        raise at.refuse("it predicts several targets")
    offset = float(np.ravel(model.intercept_)[0])
    return layers.add(at.named("sum"), [_sum(weights[0], offset, numbers_only(terms, at))])[0]


def _sums(model: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Give a score a class, or one of two classes, each finite or ``NULL``."""
    weights = np.atleast_2d(model.coef_)
    offsets = np.broadcast_to(np.ravel(model.intercept_), (len(weights),))
    terms = numbers_only(terms, at)
    sums = [_sum(*each, terms) for each in zip(weights, offsets, strict=True)]
    columns = layers.add(at.named("sum"), sums)
    if not any(term.nullable for term in terms):
        return columns
    return layers.add(at.named("score"), [each.to(finite(each.expression)) for each in columns])


def _sum(weights: Any, offset: float, terms: Terms) -> Term:
    """Write the weighted sum. A column that may be missing stays in it, so that it is refused."""
    parts = [
        exp.Mul(this=term.expression.copy(), expression=number(weight))
        for weight, term in zip(weights.tolist(), terms, strict=True)
        if weight or term.nullable
    ]
    whole = total([*parts, number(float(offset))])
    return Term("sum", whole, nullable=any(term.nullable for term in terms))


def _given(code: exp.Expr | None) -> exp.Expr:
    assert code is not None
    return code
