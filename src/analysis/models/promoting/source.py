"""What a run was made of, found again: its rows, its candidate, what was said of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from analysis.errors import DatasetError, ExperimentError, Location, ModelError, ProjectError
from analysis.experiments.comparing.changes import MISSING, Change
from analysis.experiments.declared.experiment import ColumnKind
from analysis.experiments.running.again import declared_again
from analysis.experiments.running.causes import fitted_on
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.study import Study, open_study
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import read_summary
from analysis.project import Project
from analysis.warehouse.connection import connect
from analysis.warehouse.datasets.dataset import Dataset, dataset
from analysis.warehouse.personal import personal_columns

if TYPE_CHECKING:
    from analysis.warehouse.datasets.reading import Column

# `none`: the model of the run; `full`: one that is fitted anew, on the rows as they are now.
Refit = Literal["none", "full"]
_SHOWN = 5


@dataclass(frozen=True)
class Source:
    """A run that is promoted, and what it would be made of now.

    ``changed`` says what of that is not as it was; it is empty unless the model is fitted anew.
    """

    project: Project
    run: Run
    study: Study
    planned: PlannedRun
    changed: tuple[Change, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Name the columns in the order in which the model takes them."""
        return tuple(name for names in self.planned.data.features.values() for name in names)

    @property
    def kinds(self) -> Mapping[str, ColumnKind]:
        """Say what each column is to the model."""
        known = self.study.resolved.kinds
        return {name: known[name] for name in self.names}

    @cached_property
    def dataset(self) -> Dataset:
        """Give the dataset, for its query and what is told of its columns."""
        spec = self.study.experiment.dataset
        return dataset(self.run.experiment, spec.sample, spec.features, start=self.project.root)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Describe the columns of the dataset, by name."""
        return {column.name: column for column in self.dataset.columns}

    @cached_property
    def personal(self) -> frozenset[str]:
        """Name the columns of the dataset that tell of people, by the lineage of the warehouse."""
        with connect(self.project) as con:
            known = {(view.lower(), name.lower()) for view, name in personal_columns(con)}
        return frozenset(
            name
            for name, column in self.columns.items()
            if (column.view.lower(), name.lower()) in known
        )

    @property
    def question(self) -> str:
        """Give the question of the experiment."""
        summary = read_summary(self.project, self.run.experiment)
        return " ".join(summary.question.split()) if summary else self.run.experiment


def open_source(project: Project, run: Run, refit: Refit) -> Source:
    """Find what a run was made of.

    Raises
    ------
    ModelError
        The run cannot be promoted, or what it was made of has changed and it is not fitted anew.
    """
    _check(run)
    try:
        study = open_study(project, declared_again(run))
    except (ProjectError, DatasetError, ExperimentError) as error:
        raise ModelError(
            f"what the run `{run.run}` was made of is not here any more: {error.what}",
            None,
            error.hint or "run the experiment again, and promote a run of it",
        ) from None
    planned = study.candidates()[0]
    # The seed is the run's: that of its experiment may be another by now.
    planned = replace(planned, seeds={**planned.seeds, **run.seeds})
    changed = tuple(fitted_on(run, planned))
    if changed and refit == "none":
        raise ModelError(
            f"the run `{run.run}` was made of what has changed since: {shown(changed)}",
            Location(f"{run.experiment}/{run.run}"),
            "`--refit full` fits its candidate anew, on the rows as they are now",
        )
    return Source(project, run, study, planned, changed)


def shown(changed: tuple[Change, ...]) -> str:
    """Name what has changed."""
    told = [f"{one.name} ({_way(one)})" for one in changed[:_SHOWN]]
    more = len(changed) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _way(one: Change) -> str:
    if one.then == MISSING:
        return "is new"
    return "is gone" if one.now == MISSING else f"{one.then} → {one.now}"


def _check(run: Run) -> None:
    where = Location(f"{run.experiment}/{run.run}")
    if run.status == "failed":
        told = run.failure.what if run.failure else "nobody knows why"
        raise ModelError(
            f"the run `{run.run}` failed, so there is no model to promote: {told}",
            where,
            f"`analysis experiment run {run.experiment} --retry` tries again",
        )
    if run.role == "honesty":
        raise ModelError(
            f"the run `{run.run}` only looks at `{run.candidate}` under another split, "
            f"{run.split.label}",
            where,
            f"promote the candidate itself: `{run.experiment}/{run.candidate}`",
        )
