"""Which experiments a change reaches: their current runs were trained on what changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis.lineage import Inputs, Relation, expand
from analysis.lineage.notes import experiment_of
from analysis.lineage.runs import Tried
from analysis.lineage.system import KIND, ON_RUNS, RUNS_FOLDER

_DECLARATIONS = "data/experiments"


@dataclass(frozen=True)
class Trained:
    """An experiment whose runs a change makes old, through what, and the pages that read it."""

    experiment: str
    through: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Experiments:
    """The experiments that were run, and what pages and relations have read."""

    tried: tuple[Tried, ...]
    pages: Mapping[str, Inputs]
    relations: Mapping[str, Relation]

    def named(self, wanted: str) -> tuple[str, str] | None:
        """Give the experiment, and the run, that is meant: by its name, or a file of it."""
        if any(wanted == one.name for one in self.tried):
            return wanted, ""
        return experiment_of(wanted) if wanted.startswith(f"{RUNS_FOLDER}/") else None

    def of_relation(self, wanted: str) -> tuple[Trained, ...]:
        """List the experiments that are trained on a relation, or on a view that reads it.

        ``wanted`` may also be the declaration of an experiment.
        """
        name = wanted.lower()
        found = []
        for one in self.tried:
            used = (relation.lower() for relation in one.relations())
            through = [r for r in used if name in (r, *expand(self.relations, r))]
            if wanted == f"{_DECLARATIONS}/{one.name}.yml":
                through = [wanted]
            found.append((one, through))
        return self._trained(found)

    def of_columns(self, columns: Collection[str]) -> tuple[Trained, ...]:
        """List the experiments that are trained on one of these columns."""
        found = []
        for one in self.tried:
            used = (f"{relation.lower()}.{column}" for relation, column in one.uses)
            found.append((one, [name for name in used if name in columns]))
        return self._trained(found)

    def readers(self, experiment: str, run: str = "") -> tuple[str, ...]:
        """List the pages that read an experiment, or the one run of it."""
        return tuple(
            page for page, inputs in sorted(self.pages.items()) if _reads(inputs, experiment, run)
        )

    def _trained(self, found: list[tuple[Tried, list[str]]]) -> tuple[Trained, ...]:
        return tuple(
            Trained(one.name, tuple(sorted(through)), self.readers(one.name))
            for one, through in found
            if through
        )


def _reads(inputs: Inputs, experiment: str, run: str) -> bool:
    read = (value for name, value in inputs.get(KIND, {}).items() if name in ON_RUNS)
    if any(isinstance(value, Mapping) and experiment in value["columns"] for value in read):
        return True
    if any(experiment_of(name)[0] == experiment for name in inputs.get("experiment", ())):
        return True
    opened = [name for name in inputs.get("file", ()) if name.startswith(f"{RUNS_FOLDER}/")]
    pairs = map(experiment_of, (*inputs.get("run", ()), *opened))
    return any(one == experiment and run in ("", other) for one, other in pairs)
