"""An experiment that is about to run: its rows, and the runs that it wants."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from analysis.errors import ExperimentError
from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.candidates.code import code_of, packages_of
from analysis.experiments.checking.check import check_experiment
from analysis.experiments.checking.described import describe
from analysis.experiments.checking.resolve import Resolved, resolve
from analysis.experiments.comparing.order import leader_of
from analysis.experiments.declared.experiment import Experiment
from analysis.experiments.declared.file import Declared
from analysis.experiments.running.plan import PlannedRun, machine, python_version
from analysis.experiments.running.staging import Data, read_data, stage_rows, stage_split
from analysis.experiments.running.tasks import Diagnosis, Judging, Setting
from analysis.experiments.runs.record import DataRecord, Origin, Run
from analysis.experiments.splits.blocks import Blocks, blocks_of
from analysis.experiments.splits.folds import Split, split_rows
from analysis.experiments.splits.rule import SplitRule
from analysis.files import digest
from analysis.project import Project
from analysis.project.git import git_commit

# Draws are the same for all experiments, so that their runs can be compared.
BOOTSTRAP_SEED = 20130401
# So many folds are trained on fewer rows too, for the learning curve.
LEARNING_FOLDS = 3
# Tracebacks of failed runs, beside the work.
FAILURES = "failures"
Role = Literal["candidate", "honesty"]


@dataclass(frozen=True)
class Study:
    """An experiment, the rows of its dataset, and what it wants."""

    project: Project
    resolved: Resolved
    data: Data

    @property
    def declared(self) -> Declared:
        """Give what is declared."""
        return self.resolved.declared

    @property
    def experiment(self) -> Experiment:
        """Give the specification."""
        return self.declared.experiment

    @cached_property
    def keys(self) -> pd.DataFrame:
        """Give the key of each row."""
        return self.data.frame[[*self._key]]

    @cached_property
    def blocks(self) -> Blocks:
        """Give the blocks of rows that are drawn together."""
        rule = self.resolved.blocks
        column = self.data.frame[rule.column] if rule.column else None
        return blocks_of(rule, column, len(self.keys), self._key_digest)

    def candidates(self) -> tuple[PlannedRun, ...]:
        """Plan a run of each candidate."""
        return tuple(
            self._planned(candidate, "candidate", self.resolved.split)
            for candidate in self.resolved.candidates
        )

    def honesty(self, runs: Sequence[Run]) -> tuple[PlannedRun, ...]:
        """Plan runs of some candidates under other splits; of a family, the best one.

        ``runs`` are those of the candidates.
        """
        return tuple(
            self._planned(candidate, "honesty", rule)
            for candidate in self._looked_at(runs)
            for rule in self.panel
        )

    def split_all(self) -> None:
        """Split rows in all ways: what cannot be is told before the first candidate is trained.

        Raises
        ------
        ExperimentError
            A split, or the blocks, cannot be had.
        """
        _ = self.blocks, self.panel

    @cached_property
    def panel(self) -> tuple[SplitRule, ...]:
        """Give the other splits under which candidates are looked at."""
        main = self._split(self.resolved.split).record.digest
        return tuple(
            rule
            for rule in self.resolved.honesty
            if self._is_possible(rule) and self._split(rule).record.digest != main
        )

    def setting(self, planned: PlannedRun, prefix: str = "") -> Setting:
        """Put the rows and the split of a run where workers find them, and say where.

        ``prefix`` keeps work apart that is not the run's own.
        """
        folder = self.project.work_dir / "experiments" / self.declared.name
        rows = folder / f"rows-{self._content}"
        split = folder / f"split-{planned.split.digest}-{planned.blocks.digest}"
        if not rows.exists():
            stage_rows(rows, self.data, self.resolved.kinds)
        if not split.exists():
            stage_split(split, self._splits[planned.split.digest], self.blocks)
        diagnosis = self.diagnosis(planned)
        # Work that was left by other settings, which are not in the key, is not to be taken.
        settings = digest(repr((self.judging, diagnosis, planned.blocks)).encode())[:8]
        work = folder / "runs" / f"{prefix}{planned.key}-{settings}"
        work.mkdir(parents=True, exist_ok=True)
        return Setting(
            root=self.project.root,
            rows=rows,
            split=split,
            work=work,
            candidate=planned.candidate,
            columns=tuple(c for names in planned.data.features.values() for c in names),
            task=planned.task,
            classes=self.resolved.classes,
            positive=self._positive,
            folds=planned.split.folds,
            blocks=self.blocks.record.count,
            seed=planned.seeds["estimator"],
            judging=self.judging,
            diagnosis=diagnosis,
        )

    @property
    def judging(self) -> Judging:
        """Say how predictions are judged."""
        return Judging(self.experiment.metrics, self.experiment.draws, BOOTSTRAP_SEED)

    @cached_property
    def _splits(self) -> dict[str, Split]:
        """Keep splits by their digests."""
        return {}

    @cached_property
    def _split_of(self) -> dict[SplitRule, Split]:
        return {}

    def _split(self, rule: SplitRule) -> Split:
        if rule not in self._split_of:
            column = self.data.frame[rule.column] if rule.column else None
            classes = None if self.resolved.task == "regression" else self.data.target
            made = split_rows(rule, column, classes, len(self.keys), self._key_digest)
            self._split_of[rule] = self._splits[made.record.digest] = made
        return self._split_of[rule]

    def _is_possible(self, rule: SplitRule) -> bool:
        """Say whether rows can be split so; one that nobody asked for is left out where not."""
        try:
            self._split(rule)
        except ExperimentError:
            if rule.where is not None:
                raise
            return False
        return True

    def _planned(self, candidate: Candidate, role: Role, rule: SplitRule) -> PlannedRun:
        split = self._split(rule)
        return PlannedRun(
            experiment=self.declared.name,
            candidate=candidate,
            role=role,
            task=self.resolved.task,
            data=self._record(candidate),
            split=split.record,
            blocks=self.blocks.record,
            seeds={
                "split": rule.seed,
                "estimator": self.experiment.split.seed,
                "bootstrap": BOOTSTRAP_SEED,
            },
            origin=self._origin(candidate),
        )

    def _record(self, candidate: Candidate) -> DataRecord:
        resolved = self.resolved
        used = dict.fromkeys([*self._key, resolved.target, *resolved.columns[candidate.name]])
        return DataRecord(
            sample=resolved.description.sample,
            features=resolved.features_of(candidate),
            key=self._key,
            target=resolved.target,
            positive=resolved.positive,
            classes=resolved.classes,
            rows=len(self.keys),
            columns={name: self.data.columns[name] for name in used},
        )

    def _origin(self, candidate: Candidate) -> Origin:
        commit = self._commit
        return Origin(
            commit=commit and commit.rstrip("+"),
            dirty=None if commit is None else commit.endswith("+"),
            code=code_of(self.project, candidate),
            packages=packages_of(self.project, candidate),
            python=python_version(),
            platform=machine(),
        )

    def _looked_at(self, runs: Sequence[Run]) -> Iterator[Candidate]:
        honesty = self.experiment.honesty
        if not honesty:
            return
        known = {candidate.name: candidate for candidate in self.resolved.candidates}
        done = [run for run in runs if run.status == "done" and run.metrics]
        names = honesty.candidates or ([self._best(done).family] if done else [])
        for name in names:
            # One that cannot be had under its own split fails under others too.
            if found := [run for run in done if name in (run.candidate, run.family)]:
                yield known[self._best(found).candidate]

    def _best(self, runs: Sequence[Run]) -> Run:
        return leader_of(runs, self.experiment.metrics[0]) or runs[0]

    def diagnosis(self, planned: PlannedRun) -> Diagnosis:
        """Say what is looked at beside the folds of a run."""
        if planned.role == "honesty":
            return Diagnosis()
        learning, importance = self.experiment.learning, self.experiment.importance
        return Diagnosis(
            sizes=learning.sizes if learning else (),
            folds=min(LEARNING_FOLDS, planned.split.folds) if learning else 0,
            repeats=importance.repeats if importance else 0,
            rows=importance.rows if importance else 0,
        )

    @cached_property
    def _key_digest(self) -> str:
        return digest("".join(self.data.columns[c] for c in self._key).encode())

    @property
    def _key(self) -> tuple[str, ...]:
        return self.resolved.description.key

    @property
    def _positive(self) -> int | None:
        name = self.resolved.positive
        return None if name is None else self.resolved.classes.index(name)

    @cached_property
    def _content(self) -> str:
        wanted = [*self.resolved.kinds, self.resolved.target, *self._key]
        told: list[Any] = [(name, self.data.columns[name]) for name in wanted]
        told += [self.resolved.task, self.resolved.classes, [*self.resolved.kinds.items()]]
        return digest(repr(told).encode())[:16]

    @cached_property
    def _commit(self) -> str | None:
        return git_commit(self.project.root)


def open_study(project: Project, declared: Declared) -> Study:
    """Read the rows of an experiment, and see whether it fits them.

    Raises
    ------
    ProjectError, DatasetError, ExperimentError
        It does not; with file and line.
    """
    checked = check_experiment(project, declared)
    dataset, description = describe(project, declared)
    resolved = resolve(checked, description)
    study = Study(project, resolved, read_data(dataset, resolved))
    study.split_all()
    return study


def remove_work(project: Project, experiment: str) -> None:
    """Remove the rows, splits and pieces of runs that were laid out for workers."""
    folder = project.work_dir / "experiments" / experiment
    for path in folder.glob("*"):
        if path.name != FAILURES:
            shutil.rmtree(path, ignore_errors=True)
