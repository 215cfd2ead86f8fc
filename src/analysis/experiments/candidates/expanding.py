"""From what is declared to candidates: a search space becomes one for each of its settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import (
    Candidate,
    Part,
    Parts,
    Place,
    flat_parameters,
    shown,
    step_names,
)
from analysis.experiments.candidates.spaces import settings_of
from analysis.experiments.declared.experiment import CandidateSpec, ColumnKind, Step
from analysis.experiments.declared.file import Declared

MOST = 500


def expand(declared: Declared) -> tuple[Candidate, ...]:
    """Give the candidates of an experiment, in the order in which they are declared.

    Raises
    ------
    ProjectError
        A search space is wrong, or there are too many candidates; with file and line.
    """
    found = tuple(
        candidate
        for name, spec in declared.experiment.candidates.items()
        for candidate in _expanded(name, spec, declared)
    )
    if len(found) > MOST:
        raise ProjectError(
            f"these are {len(found):,} candidates, {MOST} are possible",
            declared.yaml.where("candidates"),
            "try fewer values, or draw some of them with `random:`",
        )
    _check_distinct(found)
    return found


def _expanded(name: str, spec: CandidateSpec, declared: Declared) -> Iterator[Candidate]:
    base = _base(name, spec, declared)
    place = Place(declared.yaml, ("candidates", name))
    for setting, key in settings_of(name, spec, place):
        told = ", ".join(f"{parameter}={shown(value)}" for parameter, value in setting.items())
        changed = base
        for parameter, value in setting.items():
            changed = _with(changed, parameter, value, place.at(*key, parameter))
        if setting:
            changed = replace(changed, name=f"{name}[{told}]")
        yield replace(changed, parameters=_own(changed, spec))


def _base(name: str, spec: CandidateSpec, declared: Declared) -> Candidate:
    top = Place(declared.yaml)
    place = top.at("candidates", name)
    preprocessing: dict[ColumnKind, Parts] = {}
    for kind in ("number", "boolean", "category"):
        own = kind in spec.preprocessing
        steps = (spec if own else declared.experiment).preprocessing.get(kind, ())
        chain = (place if own else top).at("preprocessing", kind)
        preprocessing[kind] = _parts(steps, chain)
    return Candidate(
        name=name,
        family=name,
        model=Part(spec.estimator, spec.parameters, place),
        steps=_parts(spec.steps, place.at("steps")),
        preprocessing=preprocessing,
        features=spec.features,
        parameters={},
    )


def _parts(steps: tuple[Step, ...], place: Place) -> Parts:
    return tuple(
        Part(step.estimator, step.parameters, place.item(index)) for index, step in enumerate(steps)
    )


def _own(candidate: Candidate, spec: CandidateSpec) -> Mapping[str, Any]:
    """Give the parameters that the candidate sets itself: not those of shared preprocessing."""
    kept = {
        kind: parts
        for kind, parts in candidate.preprocessing.items()
        if kind in spec.preprocessing or any(part.set_at for part in parts)
    }
    return flat_parameters(candidate.model, candidate.steps, kept)


def _with(candidate: Candidate, parameter: str, value: Any, place: Place) -> Candidate:
    """Set a parameter of the model, of a step, or of a step of the preprocessing."""
    first, _, rest = parameter.partition("__")
    if rest and first in step_names(candidate.steps):
        return replace(candidate, steps=_set(candidate.steps, first, rest, value, place))
    step, _, inner = rest.partition("__")
    for kind, chain in candidate.preprocessing.items():
        if inner and kind == first and step in step_names(chain):
            changed = {**candidate.preprocessing, kind: _set(chain, step, inner, value, place)}
            return replace(candidate, preprocessing=changed)
    return replace(candidate, model=_changed(candidate.model, parameter, value, place))


def _set(parts: Parts, name: str, parameter: str, value: Any, place: Place) -> Parts:
    return tuple(
        _changed(part, parameter, value, place) if known == name else part
        for known, part in zip(step_names(parts), parts, strict=True)
    )


def _changed(part: Part, parameter: str, value: Any, place: Place) -> Part:
    return replace(
        part,
        parameters={**part.parameters, parameter: value},
        set_at={**part.set_at, parameter: place},
    )


def _check_distinct(candidates: tuple[Candidate, ...]) -> None:
    for name, times in Counter(candidate.name for candidate in candidates).items():
        if times > 1:
            first = next(c for c in candidates if c.name == name)
            raise ProjectError(
                f"the candidate `{name}` comes {times} times",
                first.model.place.where,
                "leave out values that are written alike",
            )
