"""Checking what an experiment declares, as far as that goes without the warehouse."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import Location, ProjectError
from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.candidates.expanding import expand
from analysis.experiments.checking.estimators import Aim, check_estimators
from analysis.experiments.checking.metrics import check_metrics
from analysis.experiments.declared.experiment import Honesty
from analysis.experiments.declared.file import Declared
from analysis.project import Project

_DUMMY = "sklearn.dummy."


@dataclass(frozen=True)
class Checked:
    """An experiment whose candidates can be made; ``baseline`` is the name of one of them."""

    declared: Declared
    candidates: tuple[Candidate, ...]
    aim: Aim
    baseline: str | None

    def named(self, name: str) -> tuple[Candidate, ...]:
        """Give the candidates of this name or family."""
        return tuple(c for c in self.candidates if name in (c.name, c.family))


def check_experiment(project: Project, declared: Declared) -> Checked:
    """Expand the candidates, make each estimator once, and look at what refers to them.

    Raises
    ------
    ProjectError
        With file and line of the first mistake.
    """
    candidates = expand(declared)
    aim = _aim(declared, check_estimators(project, candidates))
    check_metrics(declared, aim)
    checked = Checked(declared, candidates, aim, _baseline(declared, candidates))
    _check_honesty(checked)
    return checked


def _aim(declared: Declared, aims: Mapping[str, Aim]) -> Aim:
    task = declared.experiment.task
    wanted: Aim = next(iter(aims.values())) if task is None else task
    for family, aim in aims.items():
        if aim != wanted:
            first = next(iter(aims))
            why = f"the task is {wanted}" if task else f"`{first}` is not"
            raise ProjectError(
                f"the candidate `{family}` is for {aim}, but {why}",
                declared.yaml.where("candidates", family, "estimator"),
                "candidates of one experiment are all for the same task",
            )
    return wanted


def _baseline(declared: Declared, candidates: Sequence[Candidate]) -> str | None:
    name = declared.experiment.baseline
    if name is None:
        return next((c.name for c in candidates if c.estimator.startswith(_DUMMY)), None)
    where = declared.yaml.where("baseline")
    exact = [c.name for c in candidates if c.name == name]
    found = exact or [c.name for c in candidates if c.family == name]
    if len(found) > 1:
        raise ProjectError(
            f"the baseline `{name}` is a search space of {len(found)} candidates",
            where,
            f"name one of them, such as `{found[0]}`",
        )
    if not found:
        raise _no_candidate(name, candidates, where)
    return found[0]


def _check_honesty(checked: Checked) -> None:
    honesty = checked.declared.experiment.honesty
    if isinstance(honesty, Honesty):
        for index, name in enumerate(honesty.candidates or ()):
            if not checked.named(name):
                where = checked.declared.yaml.where("honesty", "candidates", index)
                raise _no_candidate(name, checked.candidates, where)


def _no_candidate(name: str, candidates: Sequence[Candidate], where: Location) -> ProjectError:
    known = list(dict.fromkeys(n for c in candidates for n in (c.family, c.name)))
    close = difflib.get_close_matches(name, known, n=1)
    return ProjectError(
        f"there is no candidate `{name}`",
        where,
        f"did you mean `{close[0]}`?" if close else f"there are {', '.join(known[:10])}",
    )
