"""``analysis experiment list``: the experiments, the best of each, and what needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.experiments.runs.record import Run, Summary
    from analysis.lineage.relations import Relation
    from analysis.lineage.runs import Tried
    from analysis.project import Project

_SHOWN = 3


@dataclass(frozen=True)
class _Entry:
    """An experiment; ``remarks`` say what is not as it should be, in a few words each.

    ``mistake`` is in its declaration, which cannot be run then.
    """

    name: str
    declared: bool
    runs: int
    failed: int
    summary: Summary | None
    leader: Run | None
    last: str | None
    remarks: tuple[str, ...]
    mistake: str | None
    damaged: tuple[str, ...]


def listing(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the experiments with the best run of each, and those that are to be run again.

    Example: analysis experiment list
    """
    from analysis.cli.experiment.names import warn_of_damaged
    from analysis.cli.experiment.words import dumped
    from analysis.project import find_project

    found = [*_entries(find_project(folder))]
    for path in (path for entry in found for path in entry.damaged):
        warn_of_damaged(path)
    if as_json:
        print(dumped({"experiments": [_record(entry) for entry in found]}))
        return
    if not found:
        print("no experiments: write one down in data/experiments/<name>.yml")
        return
    for line in _lines(found):
        print(line)


def _entries(project: Project) -> Iterator[_Entry]:
    from analysis.cli.experiment.names import known_experiments
    from analysis.lineage.relations import read_relations
    from analysis.lineage.runs import read_experiments

    tried = {one.name: one for one in read_experiments(project)}
    relations = read_relations(project)
    for name in sorted({*known_experiments(project), *tried}):
        yield _entry(project, name, tried.get(name), relations)


def _entry(
    project: Project, name: str, tried: Tried | None, relations: Mapping[str, Relation]
) -> _Entry:
    from analysis.experiments.declared.file import experiment_names
    from analysis.experiments.runs.store import damaged_runs, read_summary, runs_of

    runs, summary = runs_of(project, name), read_summary(project, name)
    declared = name in experiment_names(project)
    otherwise, mistake = (
        _declared_otherwise(project, name, runs, summary) if declared else ((), None)
    )
    leader = summary.leader if summary else None
    return _Entry(
        name=name,
        declared=declared,
        runs=len(runs),
        failed=sum(run.status == "failed" for run in runs),
        summary=summary,
        leader=next((run for run in runs if run.run == leader), None),
        last=max((run.created for run in runs), default=None),
        remarks=(
            *otherwise,
            *_other_data(tried, relations),
            *([] if declared else ["no longer declared in data/experiments"]),
        ),
        mistake=mistake,
        damaged=tuple(sorted({*damaged_runs(project, name), *(tried.damaged if tried else ())})),
    )


def _declared_otherwise(
    project: Project, name: str, runs: Sequence[Run], summary: Summary | None
) -> tuple[tuple[str, ...], str | None]:
    """Say what is declared otherwise than it was run, and what is wrong in the declaration."""
    from analysis.errors import AnalysisError
    from analysis.experiments.comparing.declared import not_as_declared
    from analysis.experiments.declared.file import read_experiment

    try:
        declared = read_experiment(project, name)
        if not runs:
            return ("never run",), None
        if summary is None:
            return ("what is told of it is missing, or damaged",), None
        return not_as_declared(declared, runs, summary), None
    except AnalysisError as error:
        return (), f"{error.where}: {error.what}" if error.where else error.what


def _other_data(tried: Tried | None, relations: Mapping[str, Relation]) -> tuple[str, ...]:
    from analysis.lineage.runs import changed

    columns = changed(tried, relations) if tried and relations else ()
    if not columns:
        return ()
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return (f"its data changed since: {', '.join(columns[:_SHOWN])}{more}",)


def _lines(entries: Sequence[_Entry]) -> Iterator[str]:
    from analysis.cli.experiment.table import table

    header = ("experiment", "runs", "failed", "best", "", "last run")
    yield from table(header, [_row(entry) for entry in entries], {1, 2})
    for entry in entries:
        if entry.mistake:
            yield f"{entry.name} cannot be run: {entry.mistake}"
        if entry.remarks:
            yield f"{entry.name}: {'; '.join(entry.remarks)}"
            if entry.declared and not entry.mistake:
                yield f"  `analysis experiment run {entry.name}` makes what is missing"


def _row(entry: _Entry) -> tuple[str, ...]:
    from analysis.cli.experiment.table import shortened
    from analysis.cli.experiment.words import metric, moment
    from analysis.report.formats import MISSING

    best, told = MISSING, ""
    if entry.summary and entry.leader:
        best = shortened(entry.leader.candidate, 26)
        told = f"{entry.summary.metric} {metric(entry.leader.metric(entry.summary.metric))}"
    last = moment(entry.last) if entry.last else "never"
    counts = f"{entry.runs:,}", f"{entry.failed:,}" if entry.failed else ""
    return shortened(entry.name, 24), *counts, best, told, last


def _record(entry: _Entry) -> dict[str, Any]:
    from dataclasses import asdict

    found = entry.leader and entry.summary and entry.leader.metric(entry.summary.metric)
    return {
        "name": entry.name,
        "declared": entry.declared,
        "runs": entry.runs,
        "failed": entry.failed,
        "leader": entry.leader and {"run": entry.leader.run, "candidate": entry.leader.candidate},
        "metric": asdict(found) if found else None,
        "last": entry.last,
        "remarks": entry.remarks,
        "mistake": entry.mistake,
        "damaged": entry.damaged,
    }
