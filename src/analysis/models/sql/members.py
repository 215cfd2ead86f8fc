"""Estimators that consist of others: each is asked in turn, and their answers are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.links import divided, exponential
from analysis.models.sql.scores import Scores, scored
from analysis.models.sql.steps import transformed
from analysis.models.sql.term import Layers, Place, Term, Terms, number, total


def pipelined(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a pipeline within another one."""
    *steps, (last_name, last) = model.steps
    for name, step in steps:
        terms = layers.add(name, transformed(step, terms, layers, at.at(name)))
    return scored(last, terms, layers, at.at(last_name))


def frozen(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write what is frozen."""
    return scored(model.estimator, terms, layers, at)


def transformed_target(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a regression of what a function makes of the target, and the function's inverse."""
    scores = scored(model.regressor_, terms, layers, at.at("regressor"))
    [value] = layers.add(at.named("transformed"), [Term("value", _value(scores, at))])
    way, read = model.transformer_, value.expression
    if type(way).__name__ == "StandardScaler":
        scale = 1.0 if way.scale_ is None else float(way.scale_[0])
        mean = 0.0 if way.mean_ is None else float(way.mean_[0])
        product = exp.Mul(this=read, expression=number(scale))
        return Scores(value=exp.Add(this=product, expression=number(mean)))
    inverse = getattr(way, "inverse_func", "")
    if inverse is None:
        return Scores(value=read)
    if inverse is np.exp:
        return Scores(value=exponential(read))
    if inverse is np.expm1:
        return Scores(value=exp.Sub(this=exponential(read), expression=number(1.0)))
    raise at.refuse("the inverse of its target's transformation is not among what can be compiled")


def voting_classifier(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write the weighted mean of the probabilities of several classifiers."""
    if model.voting != "soft":
        raise at.refuse("it counts votes (`voting: hard`), which is not among what can be compiled")
    names = [name for name, each in model.estimators if each != "drop"]
    asked = list(zip(names, model.estimators_, [terms] * len(names), strict=True))
    found = _asked(asked, "probabilities", terms, layers, at)
    return Scores(probabilities=_means(found, model._weights_not_none))


def voting_regressor(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write the weighted mean of several regressions."""
    names = [name for name, each in model.estimators if each != "drop"]
    asked = list(zip(names, model.estimators_, [terms] * len(names), strict=True))
    found = _asked(asked, "value", terms, layers, at)
    return Scores(value=_means(found, model._weights_not_none)[0])


def bagging_classifier(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write the mean of the probabilities of one classifier on many samples."""
    asked = _bags(model, terms)
    if any(len(each.classes_) != len(model.classes_) for _, each, _ in asked):
        raise at.refuse("some of its members were not trained on all classes")
    if not hasattr(model.estimators_[0], "predict_proba"):
        raise at.refuse("its members give no probabilities")
    decisions: Terms = ()
    if hasattr(model.estimators_[0], "decision_function"):
        with layers.holding(terms):
            found = _asked(asked, "decisions", terms, layers, at)
            means = [Term("decision", mean) for mean in _means(found, None)]
            decisions = layers.add(at.named("decisions"), means)
    with layers.holding(decisions):
        found = _asked(asked, "probabilities", terms, layers, at)
    said = tuple(decision.expression for decision in decisions)
    return Scores(probabilities=_means(found, None), decisions=said)


def bagging_regressor(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write the mean of one regression on many samples."""
    found = _asked(_bags(model, terms), "value", terms, layers, at)
    return Scores(value=_means(found, None)[0])


def stacked(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write an estimator that takes what others say, and perhaps the columns too."""
    names = [name for name, each in model.estimators if each != "drop"]
    kinds = {"predict_proba": "probabilities", "decision_function": "decisions"}
    found: Terms = ()
    classes = getattr(model, "classes_", ())
    for name, member, method in zip(names, model.estimators_, model.stack_method_, strict=True):
        kind = kinds.get(method) or ("code" if len(classes) else "value")
        with layers.holding((*terms, *found)):
            (said,) = _asked([(name, member, terms)], kind, terms, layers, at)
        found += said[1:] if kind == "probabilities" and len(classes) == 2 else said
    given = (*found, *terms) if model.passthrough else found
    return scored(model.final_estimator_, given, layers, at.at("final"))


def _bags(model: Any, terms: Terms) -> list[tuple[str, Any, Terms]]:
    pairs = zip(model.estimators_, model.estimators_features_, strict=True)
    return [
        (f"member {place}", member, tuple(terms[feature] for feature in features))
        for place, (member, features) in enumerate(pairs, 1)
    ]


def _asked(
    members: Sequence[tuple[str, Any, Terms]], kind: str, terms: Terms, layers: Layers, at: Place
) -> tuple[Terms, ...]:
    """Give what each member says, as columns of the last layer."""
    found: tuple[Terms, ...] = ()
    for name, member, given in members:
        inner = at.at(name)
        with layers.holding((*terms, *(term for each in found for term in each))):
            said = _said(scored(member, given, layers, inner), kind, inner)
            made = layers.add(inner.named("said"), [Term(kind, one) for one in said])
        found += (made,)
    return found


def _said(scores: Scores, kind: str, at: Place) -> tuple[exp.Expr, ...]:
    if kind == "value":
        return (_value(scores, at),)
    if kind == "code":
        if scores.code is None:
            raise at.refuse("its labels are not among what can be compiled")
        return (exp.cast(scores.code, "double"),)
    said: tuple[exp.Expr, ...] = getattr(scores, kind)
    if not said:
        raise at.refuse(f"it gives no {kind}")
    return said


def _value(scores: Scores, at: Place) -> exp.Expr:
    if scores.value is None:
        raise at.refuse("it gives no number")
    return scores.value


def _means(found: Sequence[Terms], weights: Any) -> tuple[exp.Expr, ...]:
    shares = [1.0] * len(found) if weights is None else [float(weight) for weight in weights]
    sums = [
        total([_weighted(term, share) for term, share in zip(each, shares, strict=True)])
        for each in zip(*found, strict=True)
    ]
    return tuple(divided(each, number(float(np.sum(shares)))) for each in sums)


def _weighted(term: Term, share: float) -> exp.Expr:
    read = term.expression.copy()
    return read if share == 1.0 else exp.Mul(this=read, expression=number(share))
