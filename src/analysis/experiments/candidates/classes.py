"""Parameters that name classes: models are trained on codes, and people write the classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import Candidate, Part

_WEIGHTS = "class_weight"
_CONSTANT = ("sklearn.dummy.DummyClassifier", "constant")


def check_named_classes(candidate: Candidate, classes: Sequence[str]) -> None:
    """See that parameters name classes that the target has.

    Raises
    ------
    ProjectError
        One does not, so that another class would be given its weight, or none.
    """
    for part in candidate.parts if classes else ():
        for name, value in part.parameters.items():
            named: list[str] = []
            _coded(part.estimator, name, value, named.append)
            if unknown := [text for text in named if text not in classes]:
                raise ProjectError(
                    f"`{name}` names the class `{unknown[0]}`, which the target has not",
                    part.place_of(name).where,
                    f"it has {', '.join(f'`{known}`' for known in classes[:12])}",
                )


def coded(candidate: Candidate, classes: Sequence[str]) -> Candidate:
    """Give the candidate with codes in the place of the classes that its parameters name."""
    if not classes:
        return candidate
    codes = {name: code for code, name in enumerate(classes)}

    def part(one: Part) -> Part:
        values = one.parameters.items()
        changed = {n: _coded(one.estimator, n, v, codes.__getitem__) for n, v in values}
        return replace(one, parameters=changed)

    steps = tuple(part(step) for step in candidate.steps)
    return replace(candidate, model=part(candidate.model), steps=steps)


def _coded(estimator: Any, name: Any, value: Any, code: Callable[[str], Any]) -> Any:
    """Put the code of each class in its place, in the estimators within ``value`` too."""
    last = str(name).rpartition("__")[2]
    if last == _WEIGHTS and isinstance(value, Mapping):
        return {code(_text(key)): weight for key, weight in value.items()}
    if (estimator, last) == _CONSTANT and value is not None:
        return code(_text(value))
    if isinstance(value, Mapping):
        within = value.get("estimator", estimator)
        return {key: _coded(within, key, part, code) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_coded(estimator, "", part, code) for part in value]
    return value


def _text(value: Any) -> str:
    """Write a class as the target's are written."""
    return str(value).lower() if isinstance(value, bool) else str(value)
