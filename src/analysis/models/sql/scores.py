"""What an estimator says, and which estimators can be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from analysis.models.sql.term import Layers, Place, Terms


@dataclass(frozen=True)
class Scores:
    """What an estimator says, as expressions over the last layer.

    ``probabilities`` are of its classes, in the order of ``classes_``; empty in a regression,
    which has a ``value``, and where there are none. The label is the first class with the highest
    probability, unless ``code`` gives its place in ``classes_``. ``decisions`` are what its
    ``decision_function`` gives, if it has one: one of two classes, else one a class. All are
    ``NULL`` where scikit-learn would refuse a missing value.
    """

    value: exp.Expr | None = None
    probabilities: tuple[exp.Expr, ...] = ()
    code: exp.Expr | None = None
    decisions: tuple[exp.Expr, ...] = ()


# A fitted estimator, the columns it takes, the query so far (it may add layers), and where it is.
Estimator = Callable[[Any, Terms, Layers, Place], Scores]

# By the name of the class; `estimators` fills it. Those that consist of others look it up, too.
KNOWN: dict[str, Estimator] = {}


def scored(estimator: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write what a fitted estimator says of columns, which are columns of the last layer.

    Raises
    ------
    UncompilableError
        It is of a kind, or has settings, that cannot be written.
    """
    known = KNOWN.get(type(estimator).__name__)
    if known is None or not type(estimator).__module__.startswith("sklearn."):
        raise at.refuse(f"`{type(estimator).__name__}` is not among what can be compiled")
    return known(estimator, terms, layers, at)


def numbers_only(terms: Terms, at: Place) -> Terms:
    """Refuse columns of texts, which only some estimators take."""
    for term in terms:
        if term.kind != "number":
            raise at.refuse(f"it takes the category `{term.name}` as it is, without an encoder")
    return terms
