"""Last steps of a pipeline, each as expressions of SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from analysis.models.sql.term import Layers, Place, Terms


@dataclass(frozen=True)
class Scores:
    """What an estimator says, as expressions over the last layer.

    ``probabilities`` are of its classes, in the order of ``classes_`` (codes); empty in a
    regression, which has a ``value``. The label is the first class with the highest probability,
    unless ``code`` gives it. All are ``NULL`` where scikit-learn would refuse a missing value.
    """

    value: exp.Expr | None = None
    probabilities: tuple[exp.Expr, ...] = ()
    code: exp.Expr | None = None


# A fitted estimator, the columns it takes, the query so far (it may add layers), and where it is.
Estimator = Callable[[Any, Terms, Layers, Place], Scores]


def scored(estimator: Any, terms: Terms, layers: Layers, at: Place) -> Scores:
    """Write what a fitted estimator says of columns.

    Raises
    ------
    UncompilableError
        It is of a kind, or has settings, that cannot be written.
    """
    known = _ESTIMATORS.get(type(estimator).__name__)
    if known is None or not type(estimator).__module__.startswith("sklearn."):
        raise at.refuse(f"`{type(estimator).__name__}` is not among what can be compiled")
    return known(estimator, terms, layers, at)


_ESTIMATORS: dict[str, Estimator] = {}
