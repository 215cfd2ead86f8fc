"""Where an experiment is declared otherwise than its runs were made, as far as its text tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.experiments.candidates.expanding import expand
from analysis.experiments.declared.experiment import DatasetSpec, SplitSpec
from analysis.experiments.declared.file import Declared
from analysis.experiments.runs.record import Run, SplitRecord, Summary

_SHOWN = 3


def not_as_declared(declared: Declared, runs: Sequence[Run], summary: Summary) -> tuple[str, ...]:
    """Say what is declared otherwise by now, in a few words each.

    Only the text is looked at: not the data, modules and packages.

    Raises
    ------
    ProjectError
        A search space is wrong; with file and line.
    """
    kept = [run for run in runs if run.run in summary.current]
    return tuple(_said(declared, kept, summary))


def _said(declared: Declared, runs: Sequence[Run], summary: Summary) -> Iterator[str]:
    experiment = declared.experiment
    own = [run for run in runs if run.role == "candidate"]
    whole = [run for run in own if run.recipe.get("features") is None]
    if not _is_same_data(experiment.dataset, summary) or not all(
        _takes_same(experiment.dataset, run) for run in whole
    ):
        yield "another dataset is declared"
    if own and not _is_same_split(experiment.split, own[0].split):
        yield "another split is declared"
    if experiment.metrics != summary.metrics:
        yield "other metrics are declared"
    made = {_text(run.recipe) for run in own}
    if new := [one.name for one in expand(declared) if _text(one.recipe) not in made]:
        more = f" and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
        yield f"no run of {', '.join(new[:_SHOWN])}{more}"


def _is_same_data(spec: DatasetSpec, summary: Summary) -> bool:
    names = {_short(name) for name in spec.features}
    positive = str(spec.positive).lower() if isinstance(spec.positive, bool) else spec.positive
    return (
        _short(spec.sample) == _short(summary.sample)
        and names == {_short(name) for name in summary.features}
        and (spec.target is None or spec.target.lower() == summary.target.lower())
        and (positive is None or str(positive) == summary.positive)
    )


def _takes_same(spec: DatasetSpec, run: Run) -> bool:
    """Look at a run that takes all columns: those of the sample, and none that is left out."""
    own = {name.lower() for name in run.data.features.get(run.data.sample, ())}
    taken = {
        told
        for view, names in run.data.features.items()
        for name in names
        for told in (name.lower(), f"{_short(view)}.{name.lower()}")
    }
    left_out = {name.lower().removeprefix("features.") for name in spec.leave_out}
    return own == {name.lower() for name in spec.columns} - left_out and not taken & left_out


def _is_same_split(spec: SplitSpec, record: SplitRecord) -> bool:
    how = next(how for how in ("random", "group", "by", "forward") if getattr(spec, how))
    column = {"group": spec.group, "by": spec.of, "forward": spec.forward}.get(how)
    return (
        (how, spec.folds, spec.seed) == (record.kind, record.folds, record.seed)
        and (column is None or column.lower() == (record.column or "").lower())
        and (how != "by" or spec.by == record.unit)
    )


def _short(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _text(recipe: Any) -> str:
    return json.dumps(recipe, sort_keys=True, default=str)
