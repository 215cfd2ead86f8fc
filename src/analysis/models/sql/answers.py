"""From what an estimator says to the outputs of a bundle, under their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from analysis.models.bundle.record import PREDICTION, Bundle
from analysis.models.sql.estimators import Scores
from analysis.models.sql.term import (
    Layers,
    Place,
    Term,
    Terms,
    column,
    columns_of,
    number,
    table,
    text,
)

# Comparing each with each is the shortest up to so many.
_FEW = 3


def answers(
    scores: Scores, trained: Sequence[int], bundle: Bundle, layers: Layers, at: Place
) -> exp.Select:
    """Select the key and the outputs; ``trained`` are the codes of the estimator's classes.

    Raises
    ------
    UncompilableError
        A column of the key is called like an output.
    """
    names = {output.name.lower() for output in bundle.outputs}
    if taken := [name for name in layers.key if name.lower() in names]:
        raise at.refuse(f"the column `{taken[0]}` of the key is called like an output")
    if bundle.task == "regression":
        assert scores.value is not None
        [value] = layers.add("score", [Term("value", scores.value)])
        made = [(PREDICTION, value.expression)]
    elif not scores.probabilities and len(bundle.outputs) > 1:
        raise at.refuse("it gives no probabilities")
    else:
        made = [*_classified(scores, trained, bundle, layers)]
    outputs = [exp.alias_(_unless_refused(v, layers), name, quoted=True) for name, v in made]
    return exp.select(*columns_of(layers.key), *outputs).from_(table(layers.last))


def _unless_refused(value: exp.Expr, layers: Layers) -> exp.Expr:
    if layers.refused is None:
        return value
    is_taken = exp.EQ(this=column(layers.refused), expression=number(0.0))
    return exp.Case().when(is_taken, value)


def _classified(
    scores: Scores, trained: Sequence[int], bundle: Bundle, layers: Layers
) -> Iterator[tuple[str, exp.Expr]]:
    terms = [Term("probability", found) for found in scores.probabilities]
    terms += [Term("code", scores.code)] if scores.code is not None else []
    columns = layers.add("score", terms)
    probabilities = columns[: len(scores.probabilities)]
    if scores.code is None:
        label = _most_probable(probabilities, trained, bundle, layers)
    else:
        label = _coded(columns[-1].expression, trained, bundle)
    for output in bundle.outputs:
        if output.name == PREDICTION:
            yield PREDICTION, label
        else:
            code = bundle.classes.index(str(output.of))
            yield output.name, _probability(code, trained, probabilities)


def _probability(code: int, trained: Sequence[int], probabilities: Terms) -> exp.Expr:
    """Give the probability of a class; one that was not trained on has none."""
    if code in trained:
        return probabilities[trained.index(code)].expression.copy()
    return _unless_missing(exp.Case(), probabilities).else_(number(0.0))


def _unless_missing(case: exp.Case, terms: Sequence[Term]) -> exp.Case:
    """Give `NULL` if one is."""
    tests = [term.expression.copy().is_(exp.null()) for term in terms if term.nullable]
    return case.when(exp.or_(*tests), exp.null()) if tests else case


def _most_probable(
    probabilities: Terms, trained: Sequence[int], bundle: Bundle, layers: Layers
) -> exp.Expr:
    """Give the first class of those with the highest probability."""
    case = _unless_missing(exp.Case(), probabilities)
    values = [term.expression for term in probabilities]
    if len(values) > _FEW:
        # The highest is found once, since to compare all with all would be long.
        highest = exp.Greatest(this=values[0].copy(), expressions=[v.copy() for v in values[1:]])
        kept = [value.name for value in values]
        [most] = layers.add("highest", [Term("highest", highest)], keep=kept)
        most_of = most.expression
        tests: list[exp.Expr] = [exp.GTE(this=v.copy(), expression=most_of.copy()) for v in values]
    else:
        # Those before have been seen to be less than one of those that follow.
        tests = [
            exp.and_(
                *(exp.GTE(this=v.copy(), expression=w.copy()) for w in values[place + 1 :]),
            )
            for place, v in enumerate(values[:-1])
        ]
    for code, test in zip(trained, tests, strict=False):
        case = case.when(test, _label(bundle, code))
    last = _label(bundle, trained[-1])
    return case.else_(last) if case.args.get("ifs") else last


def _coded(code: exp.Expr, trained: Sequence[int], bundle: Bundle) -> exp.Expr:
    case = exp.Case()
    for place, known in enumerate(trained):
        is_it = exp.EQ(this=code.copy(), expression=number(float(place)))
        case = case.when(is_it, _label(bundle, known))
    return case


def _label(bundle: Bundle, code: int) -> exp.Expr:
    """Write a class as the target has it."""
    label = bundle.classes[code]
    if bundle.class_type == "boolean":
        return exp.Boolean(this=label == "true")
    if bundle.class_type == "integer":
        return exp.convert(int(label))
    return text(label)
