"""An experiment with all that follows from the rows that the warehouse has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.candidates.classes import check_named_classes
from analysis.experiments.checking.check import Checked
from analysis.experiments.checking.columns import columns_of, offered_columns
from analysis.experiments.checking.described import Description
from analysis.experiments.checking.estimators import check_categories
from analysis.experiments.checking.metrics import metrics_for
from analysis.experiments.checking.rules import block_rule, honesty_rules, split_rule
from analysis.experiments.checking.target import aim_at
from analysis.experiments.declared.experiment import ColumnKind
from analysis.experiments.declared.file import Declared
from analysis.experiments.metrics.metric import Metric
from analysis.experiments.runs.record import Task
from analysis.experiments.splits.rule import BlockRule, SplitRule


@dataclass(frozen=True)
class Resolved:
    """All that decides the runs of an experiment, apart from the content of its rows.

    ``columns`` are those that each candidate takes, in order, with their kinds, by the candidate's
    name; ``views`` says of which view a column is. ``honesty`` are the splits of the panel.
    """

    checked: Checked
    description: Description
    task: Task
    target: str
    classes: tuple[str, ...]
    positive: str | None
    metrics: tuple[Metric, ...]
    split: SplitRule
    honesty: tuple[SplitRule, ...]
    blocks: BlockRule
    columns: Mapping[str, Mapping[str, ColumnKind]]
    views: Mapping[str, str]

    @property
    def declared(self) -> Declared:
        """Give what is declared."""
        return self.checked.declared

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Give the candidates."""
        return self.checked.candidates

    @property
    def kinds(self) -> Mapping[str, ColumnKind]:
        """Give all columns that some candidate takes, in the order of the dataset."""
        found = {name: kind for of in self.columns.values() for name, kind in of.items()}
        return {name: found[name] for name in self.views if name in found}

    def features_of(self, candidate: Candidate) -> Mapping[str, tuple[str, ...]]:
        """Give the columns of each feature view that a candidate takes."""
        found: dict[str, tuple[str, ...]] = {}
        for name in self.columns[candidate.name]:
            found[self.views[name]] = (*found.get(self.views[name], ()), name)
        return found


def resolve(checked: Checked, description: Description) -> Resolved:
    """Find the columns that an experiment means, and see that they fit what they are for.

    Raises
    ------
    ProjectError
        With file and line of the first mistake.
    """
    declared = checked.declared
    aimed = aim_at(checked, description)
    stratified = aimed.task != "regression"
    where = declared.yaml.where("split")
    split = split_rule(declared.experiment.split, where, description, stratified)
    offered = offered_columns(description, aimed.column, declared)
    columns = {c.name: columns_of(c, offered, declared) for c in checked.candidates}
    for candidate in checked.candidates:
        check_categories(candidate, columns[candidate.name])
        check_named_classes(candidate, aimed.classes)
    return Resolved(
        checked=checked,
        description=description,
        task=aimed.task,
        target=aimed.column.name,
        classes=aimed.classes,
        positive=aimed.positive,
        metrics=metrics_for(declared, aimed.task),
        split=split,
        honesty=honesty_rules(declared, split, description, stratified),
        blocks=block_rule(declared, split, description),
        columns=columns,
        views={column.name: column.view for column in offered},
    )
