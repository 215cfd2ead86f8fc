"""Making an estimator of its path and parameters, which may hold estimators in turn."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Mapping
from typing import Any

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import Part, Place
from analysis.experiments.candidates.nested import is_estimator, is_named, named, split_step
from analysis.experiments.candidates.owncode import guarded, own_code
from analysis.experiments.candidates.paths import find_class, is_of_sklearn
from analysis.project import Project

_NAMED = re.compile(r"The '(\w+)' parameter of ")


def make(project: Project, part: Part) -> Any:
    """Make the estimator of a part.

    Raises
    ------
    ProjectError
        It is not allowed, or does not take such parameters; with file and line.
    """
    places = {name: part.place_of(name) for name in part.parameters}
    return _make(project, part.estimator, part.parameters, part.place.at("estimator"), places)


def _make(
    project: Project,
    path: Any,
    parameters: Mapping[str, Any],
    place: Place,
    places: Mapping[str, Place],
) -> Any:
    found = find_class(project, path, place)
    _check_names(found, parameters, place, places)
    defaults = inspect.signature(found).parameters
    values = {
        name: _value(
            project, name, value, getattr(defaults.get(name), "default", None), places[name]
        )
        for name, value in parameters.items()
    }
    own = {name: value for name, value in values.items() if "__" not in name}
    estimator = found(**own) if is_of_sklearn(path) else _own(project, found, own, place)
    for name in values.keys() - own.keys():
        _set_inner(estimator, name, values[name], places[name])
    _validate(estimator, place, places)
    return estimator


def _own(project: Project, found: type, parameters: Mapping[str, Any], place: Place) -> Any:
    """Make an estimator of the project's own, and see that it keeps its parameters as they are."""
    from sklearn.base import clone

    name = f"{found.__module__}.{found.__qualname__}"
    with own_code(project), guarded(project, f"`{name}` cannot be made", place):
        estimator = found(**parameters)
        clone(estimator)
        return estimator


def _value(project: Project, name: str, value: Any, default: Any, place: Place) -> Any:
    if is_estimator(name, value):
        return _inner(project, value, place)
    if is_named(name, value):
        return [
            (inner_name, _inner(project, step, place.at(*keys)))
            for inner_name, step, keys in named(value)
        ]
    # YAML has no tuples, and scikit-learn does not take a list for one.
    return tuple(value) if isinstance(default, tuple) and isinstance(value, list) else value


def _inner(project: Project, value: Any, place: Place) -> Any:
    if value in ("passthrough", "drop"):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if key not in ("estimator", "parameters"):
                raise ProjectError(
                    f"unknown key `{key}`",
                    place.at(key).where,
                    "an estimator has `estimator` and `parameters`",
                )
        if "estimator" not in value or not isinstance(value.get("parameters") or {}, Mapping):
            raise ProjectError(
                "this is no estimator",
                place.where,
                "write `{estimator: sklearn..., parameters: {...}}`",
            )
    path, parameters = split_step(value)
    inside = isinstance(value, Mapping)
    places = {name: place.at("parameters", name) for name in parameters}
    return _make(project, path, parameters, place.at("estimator") if inside else place, places)


def _check_names(
    found: type, parameters: Mapping[str, Any], place: Place, places: Mapping[str, Place]
) -> None:
    signature = inspect.signature(found).parameters
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in signature.values()):
        return
    for name in parameters:
        if name.partition("__")[0] not in signature:
            raise _unknown(found.__name__, name, list(signature), places[name])
    needed = [name for name, p in signature.items() if p.default is inspect.Parameter.empty]
    if lacking := [name for name in needed if name not in parameters]:
        raise ProjectError(
            f"`{found.__name__}` needs the parameter `{lacking[0]}`",
            place.where,
            f"add `parameters: {{{lacking[0]}: ...}}`",
        )


def _set_inner(estimator: Any, name: str, value: Any, place: Place) -> None:
    known = estimator.get_params()
    if name not in known:
        raise _unknown(type(estimator).__name__, name, list(known), place)
    estimator.set_params(**{name: value})
    owner, _, last = name.rpartition("__")
    _validate(known[owner], place, {last: place})


def _unknown(estimator: str, name: str, known: list[str], place: Place) -> ProjectError:
    close = difflib.get_close_matches(name, known, n=1)
    return ProjectError(
        f"`{estimator}` has no parameter `{name}`",
        place.where,
        f"did you mean `{close[0]}`?" if close else f"it has {', '.join(sorted(known))}",
    )


def _validate(estimator: Any, place: Place, places: Mapping[str, Place]) -> None:
    """Ask scikit-learn whether it takes these values, which else it says when it is fitted."""
    # Estimators of the project itself need not say what they take.
    known = getattr(estimator, "_parameter_constraints", None)
    if known is None:
        return
    if "memory" in known and estimator.memory is not None:
        raise ProjectError(
            f"`{type(estimator).__name__}` must not keep its fits in a `memory`",
            places.get("memory", place).where,
            "leave it out: what lies there is no part of a run's key, and is read by pickle",
        )
    try:
        estimator._validate_params()
    except ValueError as error:
        said = " ".join(str(error).split())
        told = _NAMED.match(said)
        at = places.get(told[1], place) if told else place
        value = getattr(estimator, told[1], None) if told else None
        raise ProjectError(said[:1].lower() + said[1:], at.where, _quoted(value)) from None


def _quoted(value: Any) -> str | None:
    """Say how to write a number that YAML took for text."""
    try:
        number = float(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if number is None else f"YAML takes {value} for text: write {number!r}"
