"""Estimators by dotted path: found in scikit-learn and the project's own modules, nowhere else."""

from __future__ import annotations

import difflib
import importlib
import inspect
import keyword
import re
from types import ModuleType
from typing import Any

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import Place
from analysis.experiments.candidates.owncode import guarded, hidden_by, is_own, own_code, tops
from analysis.project import Project

SKLEARN = "sklearn"
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)
# What scikit-learn gives only after its module of that name was imported.
_EXPERIMENTAL = {
    "IterativeImputer": "enable_iterative_imputer",
    "HalvingGridSearchCV": "enable_halving_search_cv",
    "HalvingRandomSearchCV": "enable_halving_search_cv",
}


def find_class(project: Project, path: Any, place: Place) -> type[Any]:
    """Import the estimator at ``path``, of which the shape and the first part are checked first.

    Raises
    ------
    ProjectError
        It is not allowed, not there, or no estimator; with file and line.
    """
    check_path(project, path, place)
    found = _of_sklearn(path, place) if is_of_sklearn(path) else _own(project, path, place)
    _check_estimator(found, path, place)
    return found  # type: ignore[no-any-return]


def check_path(project: Project, path: Any, place: Place) -> None:
    """See that a path has the shape of one, and begins where estimators may come from.

    Raises
    ------
    ProjectError
        It does not; with file and line.
    """
    if not isinstance(path, str) or not _DOTTED.fullmatch(path) or _has_keyword(path):
        raise ProjectError(
            f"`{path}` is no dotted path of an estimator",
            place.where,
            "write one such as sklearn.linear_model.LogisticRegression",
        )
    top = path.partition(".")[0]
    if any(part.startswith("_") for part in path.split(".")):
        raise ProjectError(f"`{path}` is private", place.where, _meant(path) or "name a public one")
    own = tops(project)
    if hidden := hidden_by(project, top):
        raise ProjectError(
            f"{hidden} is called like a module of Python",
            place.where,
            "give it another name",
        )
    if top != SKLEARN and top not in own:
        listed = f"{SKLEARN}, and from the project's own src: {', '.join(own)}" if own else SKLEARN
        raise ProjectError(
            f"`{path}` is not from a package that estimators may come from",
            place.where,
            _close(top, [SKLEARN, *own]) or f"they come from {listed}",
        )


def _has_keyword(path: str) -> bool:
    return any(keyword.iskeyword(part) for part in path.split("."))


def is_of_sklearn(path: str) -> bool:
    """Say whether an estimator is scikit-learn's own."""
    return path.startswith(f"{SKLEARN}.")


def _of_sklearn(path: str, place: Place) -> Any:
    module, _, name = path.rpartition(".")
    if name in _EXPERIMENTAL:
        importlib.import_module(f"sklearn.experimental.{_EXPERIMENTAL[name]}")
    try:
        return _attribute(_module(module, path, place), name, path, place)
    except ImportError as error:
        raise ProjectError(f"`{module}` cannot be imported: {error}", place.where) from None


def _own(project: Project, path: str, place: Place) -> Any:
    module, _, name = path.rpartition(".")
    with own_code(project), guarded(project, f"the module `{module}` fails", place):
        imported = _module(module, path, place)
        if not is_own(project, imported):
            raise ProjectError(
                f"the module `{module}` is not the project's own: it was imported from elsewhere",
                place.where,
                "give the module in src another name",
            )
        return _attribute(imported, name, path, place)


def _module(name: str, path: str, place: Place) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not error.name or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise ProjectError(
            f"there is no module `{error.name}`", place.where, _meant(path)
        ) from None


def _attribute(module: ModuleType, name: str, path: str, place: Place) -> Any:
    try:
        return getattr(module, name)
    except AttributeError:
        known = [known for known in dir(module) if not known.startswith("_")]
        raise ProjectError(
            f"there is no `{name}` in `{module.__name__}`",
            place.where,
            _meant(path) or _close(name, known),
        ) from None


def _check_estimator(found: Any, path: str, place: Place) -> None:
    from sklearn.base import BaseEstimator

    if not isinstance(found, type):
        what = "a module" if isinstance(found, ModuleType) else f"a {type(found).__name__}"
        raise ProjectError(
            f"`{path}` is {what}, and no class", place.where, "name the class of an estimator"
        )
    if not issubclass(found, BaseEstimator) or not callable(getattr(found, "fit", None)):
        raise ProjectError(
            f"`{path}` is no estimator",
            place.where,
            "it must be a subclass of sklearn.base.BaseEstimator with a method `fit`",
        )
    if inspect.isabstract(found):
        raise ProjectError(
            f"`{path}` is only a base of estimators", place.where, "name a class made from it"
        )


def _meant(path: str) -> str | None:
    """Ask whether another estimator of scikit-learn was meant."""
    if not is_of_sklearn(path):
        return None
    from sklearn.utils import all_estimators

    name = path.rpartition(".")[2]
    known = dict(all_estimators())
    close = difflib.get_close_matches(name, known, n=1)
    if not close:
        return None
    public = ".".join(p for p in known[close[0]].__module__.split(".") if not p.startswith("_"))
    return f"did you mean `{public}.{close[0]}`?"


def _close(name: str, known: list[str]) -> str | None:
    found = difflib.get_close_matches(name, known, n=1)
    return f"did you mean `{found[0]}`?" if found else None
