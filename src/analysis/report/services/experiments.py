"""The check of the experiment manager: what is declared, what was run, and what has become old."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from analysis.errors import AnalysisError
from analysis.lineage import note, read_relations, unobserved
from analysis.lineage.runs import Tried, changed, read_experiments
from analysis.lineage.system import KIND, RUNS
from analysis.project import Project
from analysis.project.project import WAREHOUSE
from analysis.report.services.service import Finding, broken, missing, ok, warning

_SHOWN = 3


def check_experiments(project: Project) -> Finding:
    """See whether experiments are declared and run, and whether their runs still fit the data."""
    declared = _declared(project)
    tried = _tried(project)
    if not declared and not tried:
        return missing(
            "not set up yet: there is no data/experiments", "nothing, until it is needed"
        )
    if mistake := _mistake(project, declared):
        return mistake
    said = _counts(declared, tried)
    found = [*_damaged(tried), *_old(project, tried), *_never_run(declared, tried)]
    if not found:
        return ok(said)
    return warning("; ".join([said, *(what for what, _ in found)]), found[0][1])


def _declared(project: Project) -> tuple[str, ...]:
    # A listing, so that the page of services runs again when there is another.
    return tuple(sorted(path.stem for path in (project.root / "data/experiments").glob("*.yml")))


def _tried(project: Project) -> tuple[Tried, ...]:
    """Read what is told of runs; a page depends on that as a whole, as it does on the data."""
    with unobserved():
        found = read_experiments(project)
    note(KIND, RUNS)
    if found:
        note("warehouse", WAREHOUSE)
    return found


def _mistake(project: Project, declared: Sequence[str]) -> Finding | None:
    if not declared:
        return None
    from analysis.experiments.declared.file import read_experiment

    for name in declared:
        try:
            read_experiment(project, name)
        except AnalysisError as error:
            place = f"{error.where}: " if error.where else ""
            return broken(f"{place}{error.what}", error.hint or "mend the declaration")
    return None


def _counts(declared: Sequence[str], tried: Sequence[Tried]) -> str:
    runs, failed = sum(one.runs for one in tried), sum(one.failed for one in tried)
    said = f"{_count(len(declared), 'experiment')} declared, {_count(runs, 'run')}"
    return f"{said}, {failed:,} of them failed" if failed else said


def _damaged(tried: Sequence[Tried]) -> Iterator[tuple[str, str]]:
    if files := [name for one in tried for name in one.damaged]:
        names = [one.name for one in tried if one.damaged]
        yield (
            f"{_count(len(files), 'record')} cannot be read: {_shown(files)}",
            f"remove what is damaged, and {_run(names)}",
        )


def _old(project: Project, tried: Sequence[Tried]) -> Iterator[tuple[str, str]]:
    relations = read_relations(project)
    old = {one.name: changed(one, relations) for one in tried if relations}
    if names := [name for name, columns in old.items() if columns]:
        columns = [column for name in names for column in old[name]]
        yield (
            f"the data of {_shown(names)} changed since they were run: {_shown(columns)}",
            _run(names),
        )


def _never_run(declared: Sequence[str], tried: Sequence[Tried]) -> Iterator[tuple[str, str]]:
    if names := sorted(set(declared) - {one.name for one in tried if one.runs}):
        yield f"no run of {_shown(names)}", _run(names)


def _run(names: Sequence[str]) -> str:
    commands = [f"`analysis experiment run {shlex.quote(name)}`" for name in names]
    return f"run {_shown(commands)}"


def _shown(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - _SHOWN
    shown = ", ".join(distinct[:_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
