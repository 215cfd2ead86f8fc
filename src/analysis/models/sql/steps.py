"""Steps of a pipeline that change columns, each as expressions of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from analysis.models.sql.arithmetic import times
from analysis.models.sql.bins import binarized, binned
from analysis.models.sql.combining import decomposed, normalized, polynomial, selected
from analysis.models.sql.encoders import one_hot, ordinal, target_encoded
from analysis.models.sql.functions import applied, power_transformed
from analysis.models.sql.imputers import imputed, indicated
from analysis.models.sql.quantiles import quantiles
from analysis.models.sql.scalers import max_abs, min_max, robust, standard
from analysis.models.sql.term import Layers, Place, Term, Terms, missing, number

# A step, the columns that it takes, the query so far, and where it is; gives what it makes.
Step = Callable[[Any, Terms, Layers, Place], Terms]


def transformed(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    """Write what a fitted transformer makes of columns of the last layer.

    It may put layers on the query that keep all columns there are.

    Raises
    ------
    UncompilableError
        It is of a kind, or has settings, that cannot be written.
    """
    if step is None or (isinstance(step, str) and step == "passthrough"):
        return terms
    name, is_known = type(step).__name__, type(step).__module__.startswith("sklearn.")
    if is_known and name in _COMPOSED:
        return _COMPOSED[name](step, terms, layers, at)
    write = _STEPS.get(name) or (selected if is_known and hasattr(step, "get_support") else None)
    if not is_known or write is None:
        raise at.refuse(f"`{name}` is not among what can be compiled")
    if name not in _OF_CATEGORIES and (text := [t.name for t in terms if t.kind == "category"]):
        raise at.refuse(f"`{name}` takes numbers, and the column `{text[0]}` is a category")
    return write(step, _accepted(step, terms, layers), layers, at)


def _accepted(step: Any, terms: Terms, layers: Layers) -> Terms:
    """Refuse rows with missing values that a transformer refuses."""
    from sklearn.utils import get_tags

    tags = get_tags(step)
    if tags.input_tags.allow_nan or tags.no_validation:
        return terms
    for term in terms:
        if term.nullable:
            layers.guard(missing(term))
    return tuple(replace(term, nullable=False) for term in terms)


def _pipeline(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    for name, one in step.steps:
        terms = transformed(one, terms, layers, at.at(name))
    return terms


def _column_transformer(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    made: list[Term] = []
    ordered = _by_name(step, terms)
    for name, one, _ in step.transformers_:
        places = step._transformer_to_input_indices[name]
        if len(places) and not (isinstance(one, str) and one == "drop"):
            chosen = tuple(ordered[place] for place in places)
            weight = (step.transformer_weights or {}).get(name)
            made += _weighted(transformed(one, chosen, layers, at.at(name)), weight)
    return tuple(made)


def _by_name(step: Any, terms: Terms) -> Terms:
    """Put columns in the order in which they were when it was fitted."""
    names = [str(name) for name in getattr(step, "feature_names_in_", ())]
    known = {term.name: term for term in terms}
    return tuple(known[name] for name in names) if {*names} == {*known} else terms


def _union(step: Any, terms: Terms, layers: Layers, at: Place) -> Terms:
    made: list[Term] = []
    for name, one in step.transformer_list:
        if isinstance(one, str) and one == "drop":
            continue
        weight = (step.transformer_weights or {}).get(name)
        made += _weighted(transformed(one, terms, layers, at.at(name)), weight)
    return tuple(made)


def _weighted(terms: Terms, weight: float | None) -> Iterator[Term]:
    for term in terms:
        yield term if weight is None else term.to(times(term.expression, number(weight)))


_COMPOSED: dict[str, Step] = {
    "Pipeline": _pipeline,
    "ColumnTransformer": _column_transformer,
    "FeatureUnion": _union,
}
_STEPS: dict[str, Step] = {
    "SimpleImputer": imputed,
    "MissingIndicator": indicated,
    "StandardScaler": standard,
    "MinMaxScaler": min_max,
    "MaxAbsScaler": max_abs,
    "RobustScaler": robust,
    "Normalizer": normalized,
    "OneHotEncoder": one_hot,
    "OrdinalEncoder": ordinal,
    "TargetEncoder": target_encoded,
    "KBinsDiscretizer": binned,
    "Binarizer": binarized,
    "PolynomialFeatures": polynomial,
    "FunctionTransformer": applied,
    "PowerTransformer": power_transformed,
    "QuantileTransformer": quantiles,
    "PCA": decomposed,
    "TruncatedSVD": decomposed,
}
_OF_CATEGORIES = {
    *("SimpleImputer", "MissingIndicator", "OneHotEncoder", "OrdinalEncoder", "TargetEncoder"),
    "FunctionTransformer",
}
