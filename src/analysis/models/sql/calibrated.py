"""Calibrated classifiers: what the classifier inside says, put right by a curve for each class."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.links import both, case, divided, normalised, sigmoid, softmax
from analysis.models.sql.scores import Scores, scored
from analysis.models.sql.term import Layers, Place, Term, Terms, number, total

# What scikit-learn adds to a probability before it takes its logarithm.
_EPSILON = 1e-12


def calibrated(model: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write a calibrated classifier: the mean over the classifiers of its folds."""
    folds = model.calibrated_classifiers_
    found: Terms = ()
    for place, fold in enumerate(folds, 1):
        inner = at.at(f"fold {place}" if len(folds) > 1 else "classifier")
        with layers.holding((*terms, *found)):
            found += _fold(fold, terms, layers, inner)
    each = len(found) // len(folds)
    means = tuple(_mean(found[place::each]) for place in range(each))
    return Scores(probabilities=both(means[0]) if each == 1 else means)


def _mean(parts: Terms) -> exp.Expr:
    if len(parts) == 1:
        return parts[0].expression
    whole = total([part.expression.copy() for part in parts])
    return divided(whole, number(float(len(parts))))


def _fold(fold: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Give the probability of the second class of two, or of each of several, as columns."""
    classes, known = list(fold.classes), [*fold.estimator.classes_]
    if len(known) < 2 or (len(classes) == 2 and len(known) != 2):
        raise at.refuse("it was trained on one class alone")
    scores = scored(fold.estimator, terms, layers, at)
    said = scores.decisions or scores.probabilities
    if not scores.decisions and len(classes) == 2:
        said = said[1:]
    columns = layers.add(at.named("said"), [Term("said", one) for one in said])
    if fold.method == "temperature":
        if len(known) != len(classes):
            raise at.refuse("it was not trained on all classes")
        beta = float(np.ravel(fold.calibrators[0].beta_)[0])
        made = _tempered(columns, beta, bool(scores.decisions), layers, at)
    else:
        if len(columns) != len(fold.calibrators):
            raise at.refuse("it was not trained on all classes")
        curves = _curves(fold, columns, layers, at)
        made = _spread(curves, [classes.index(one) for one in known], len(classes), layers, at)
    return layers.add(at.named("calibrated"), [Term("probability", one) for one in made])


def _curves(fold: Any, columns: Terms, layers: Layers, at: Place) -> Terms:
    """Put each column through its curve."""
    if fold.method == "isotonic":
        pairs = zip(columns, fold.calibrators, strict=True)
        curves = [Term("curve", _steps(term.expression, curve)) for term, curve in pairs]
        return layers.add(at.named("curve"), curves)
    if fold.method != "sigmoid":
        raise at.refuse(f"its method is `{fold.method}`")
    lines = [
        Term("line", exp.Neg(this=exp.paren(_line(term.expression, curve.a_, curve.b_))))
        for term, curve in zip(columns, fold.calibrators, strict=True)
    ]
    lines_ = layers.add(at.named("line"), lines)
    return layers.add(at.named("curve"), [Term("curve", sigmoid(one.expression)) for one in lines_])


def _spread(
    curves: Terms, places: list[int], classes: int, layers: Layers, at: Place
) -> tuple[exp.Expr, ...]:
    """Give the probabilities of all classes, of which some may not have been trained on."""
    if classes == 2:
        return (curves[0].expression,)
    shares = dict(zip(places, normalised(curves, layers, at.named("sum")), strict=True))
    divisor = exp.column(exp.to_identifier(layers.columns[-1], quoted=True))
    nothing = exp.EQ(this=divisor, expression=number(0.0))
    return tuple(
        case(nothing.copy(), number(1 / classes), shares.get(place, _zero(divisor)))
        for place in range(classes)
    )


def _zero(beside: exp.Expr) -> exp.Expr:
    """Give 0, or ``NULL`` where ``beside`` is."""
    return exp.Mul(this=number(0.0), expression=beside.copy())


def _tempered(
    columns: Terms, beta: float, decided: bool, layers: Layers, at: Place
) -> tuple[exp.Expr, ...]:
    said = [term.expression for term in columns]
    if not decided:
        said = [_logarithm(one.copy()) for one in said]
    if len(columns) > 1:
        scaled = [Term("score", _line(one, beta, 0.0)) for one in said]
        return softmax(layers.add(at.named("scaled"), scaled), layers, at.named("softmax"))
    if decided:
        [score] = layers.add(at.named("scaled"), [Term("score", _line(said[0], 2 * beta, 0.0))])
    else:
        other = _logarithm(exp.Sub(this=number(1.0), expression=columns[0].expression.copy()))
        odds = exp.paren(exp.Sub(this=said[0], expression=other))
        [score] = layers.add(at.named("scaled"), [Term("score", _line(odds, beta, 0.0))])
    return (sigmoid(score.expression),)


def _logarithm(probability: exp.Expr) -> exp.Expr:
    return exp.Ln(this=exp.Add(this=probability, expression=number(_EPSILON)))


def _line(x: exp.Expr, slope: float, offset: float) -> exp.Expr:
    product = exp.Mul(this=x.copy(), expression=number(float(slope)))
    return exp.Add(this=product, expression=number(float(offset)))


def _steps(x: exp.Expr, curve: Any) -> exp.Expr:
    """Write an isotonic regression: straight between its thresholds, level beyond them."""
    at_, values = curve.X_thresholds_.tolist(), curve.y_thresholds_.tolist()

    def between(low: int, high: int) -> exp.Expr:
        """Write the part from one threshold to another."""
        if high - low > 1:
            middle = (low + high) // 2
            test = exp.LTE(this=x.copy(), expression=number(at_[middle]))
            return case(test, between(low, middle), between(middle, high))
        if values[low] == values[high]:
            return number(values[low])
        slope = (values[high] - values[low]) / (at_[high] - at_[low])
        beyond = exp.paren(exp.Sub(this=x.copy(), expression=number(at_[low])))
        return exp.Add(
            this=exp.Mul(this=number(slope), expression=beyond), expression=number(values[low])
        )

    written = case(exp.Is(this=x.copy(), expression=exp.Null()), exp.Null())
    for kind, place in ((exp.LTE, 0), (exp.GTE, -1)):
        test = kind(this=x.copy(), expression=number(at_[place]))
        written.append("ifs", exp.If(this=test, true=number(values[place])))
    written.set("default", between(0, len(at_) - 1))
    return written
