"""What one candidate is made of, and where each part of it is declared."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.errors import Location
from analysis.experiments.candidates.nested import flat, plain
from analysis.experiments.declared.experiment import ColumnKind
from analysis.project import Yaml
from analysis.project.yamlfile import Key, Keys


@dataclass(frozen=True)
class Place:
    """Where something is declared."""

    yaml: Yaml = field(repr=False)
    keys: Keys = ()

    def at(self, *keys: Key) -> Place:
        """Go down to a key in it."""
        return Place(self.yaml, (*self.keys, *keys))

    def item(self, index: int) -> Place:
        """Go down to an item, where one may be written without a list."""
        return Place(self.yaml, self.yaml.item(index, *self.keys))

    @property
    def where(self) -> Location:
        """Give its file and line."""
        return self.yaml.where(*self.keys)


@dataclass(frozen=True)
class Part:
    """An estimator with parameters; ``set_at`` are places of those that a search space sets."""

    estimator: str
    parameters: Mapping[str, Any]
    place: Place = field(compare=False)
    set_at: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def place_of(self, parameter: str) -> Place:
        """Say where a parameter is set."""
        return self.set_at.get(parameter) or self.place.at("parameters", parameter)

    @property
    def recipe(self) -> dict[str, Any]:
        """Write it down as plain values."""
        return {"estimator": self.estimator, "parameters": plain(self.parameters)}


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Candidate:
    """One model to train: the parts of its pipeline, the columns that it takes, its name.

    ``family`` is the declared candidate, of which a search space makes several. ``parameters`` are
    those that it sets itself, flat: ``C``, ``estimator__C``, ``pca__n_components``,
    ``number__simpleimputer__strategy``. ``features`` are as declared: views, or ``view.column``.
    """

    name: str
    family: str
    model: Part
    steps: Parts
    preprocessing: Mapping[ColumnKind, Parts]
    features: tuple[str, ...] | None
    parameters: Mapping[str, Any]

    @property
    def estimator(self) -> str:
        """Give the dotted path of the last step."""
        return self.model.estimator

    @property
    def recipe(self) -> dict[str, Any]:
        """Write down all that it is made of, as plain values; its name is no part of that."""
        return {
            **self.model.recipe,
            "steps": [part.recipe for part in self.steps],
            "preprocessing": {
                kind: [part.recipe for part in parts] for kind, parts in self.preprocessing.items()
            },
            "features": None if self.features is None else [*self.features],
        }

    @property
    def parts(self) -> Parts:
        """Give all parts, in the order in which rows go through them."""
        return (
            *(p for parts in self.preprocessing.values() for p in parts),
            *self.steps,
            self.model,
        )


def step_names(parts: Parts) -> tuple[str, ...]:
    """Name steps by their classes, as scikit-learn does: ``standardscaler``, ``pca``, ``pca-2``."""
    names: list[str] = []
    for part in parts:
        name = part.estimator.rpartition(".")[2].lower()
        taken = sum(known.partition("-")[0] == name for known in names)
        names.append(f"{name}-{taken + 1}" if taken else name)
    return tuple(names)


def flat_parameters(
    model: Part, steps: Parts, preprocessing: Mapping[ColumnKind, Parts]
) -> dict[str, Any]:
    """Give all parameters of these parts under names that tell them apart."""
    found = dict(flat(model.parameters))
    for name, part in zip(step_names(steps), steps, strict=True):
        found |= flat(part.parameters, f"{name}__")
    for kind, parts in preprocessing.items():
        for name, part in zip(step_names(parts), parts, strict=True):
            found |= flat(part.parameters, f"{kind}__{name}__")
    return found


def shown(value: Any) -> str:
    """Write the value of a parameter in the name of a candidate."""
    if isinstance(value, Mapping) and "estimator" in value:
        inner = ", ".join(f"{k}={shown(v)}" for k, v in (value.get("parameters") or {}).items())
        name = str(value["estimator"]).rpartition(".")[2]
        return f"{name}({inner})" if inner else name
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float):
        short = f"{value:.6g}"
        return short if float(short) == value or not math.isfinite(value) else repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    text = str(value)
    return text.rpartition(".")[2] if text.startswith("sklearn.") else text
