"""Steps of a pipeline that change columns, each as expressions of SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.models.sql.term import Place, Terms

# A step, the columns that it takes, and where it is; gives the columns that it makes.
Step = Callable[[Any, Terms, Place], Terms]


def transformed(step: Any, terms: Terms, at: Place) -> Terms:
    """Write what a fitted transformer makes of columns.

    Raises
    ------
    UncompilableError
        It is of a kind, or has settings, that cannot be written.
    """
    if isinstance(step, str) and step == "passthrough":
        return terms
    known = _STEPS.get(type(step).__name__)
    if known is None or not type(step).__module__.startswith("sklearn."):
        raise at.refuse(f"`{type(step).__name__}` is not among what can be compiled")
    return known(step, terms, at)


_STEPS: dict[str, Step] = {}
