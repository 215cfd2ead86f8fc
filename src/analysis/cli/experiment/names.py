"""Experiments and runs as they are named on the command line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.cli.console import warn
from analysis.errors import ExperimentError, Location
from analysis.experiments.declared.file import experiment_names
from analysis.experiments.runs.record import Run, Summary
from analysis.experiments.runs.store import (
    SUMMARY,
    damaged_runs,
    experiments_with_runs,
    find_run,
    folder_of,
    read_summary,
    runs_of,
)
from analysis.project import Project


@dataclass(frozen=True)
class Tried:
    """An experiment that was run: what is told of it, and its runs, the oldest first.

    ``damaged`` are records that cannot be read, by their paths.
    """

    summary: Summary
    runs: tuple[Run, ...]
    damaged: tuple[str, ...]


def known_experiments(project: Project) -> tuple[str, ...]:
    """Name the experiments that are declared or were run."""
    return tuple(sorted({*experiment_names(project), *experiments_with_runs(project)}))


def find_experiment(project: Project, name: str) -> Tried | None:
    """Find an experiment; ``None`` if it is declared and was never run.

    Records that are damaged are named in warnings.

    Raises
    ------
    ExperimentError
        There is no such experiment, or what is told of it cannot be read.
    """
    if name not in known_experiments(project):
        raise unknown(project, name, "experiment")
    damaged = damaged_runs(project, name)
    for path in damaged:
        warn_of_damaged(path)
    if name not in experiments_with_runs(project):
        return None
    summary = read_summary(project, name)
    if summary is None:
        path = (folder_of(project, name) / SUMMARY).relative_to(project.root).as_posix()
        raise ExperimentError(
            f"what is told of the experiment `{name}` is missing, or damaged",
            Location(path),
            f"`analysis experiment run {name}` writes it anew, and repeats no run",
        )
    return Tried(summary, runs_of(project, name), damaged)


def warn_of_damaged(path: str) -> None:
    """Name a record that cannot be read."""
    hint = (
        "`analysis experiment run` writes it anew"
        if path.endswith(f"/{SUMMARY}")
        else "remove its folder, and run the experiment again"
    )
    warn(Location(path), f"this record is damaged, or of another version: {hint}")


def unknown(project: Project, name: str, what: str) -> ExperimentError:
    """Make the error for a name that is none."""
    close = difflib.get_close_matches(name, known_experiments(project), n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`analysis experiment list` names them"
    return ExperimentError(f"there is no {what} `{name}`", hint=hint)


def named_run(project: Project, name: str) -> Run:
    """Find a run by its name, which may be shortened, or as ``experiment/candidate``.

    Raises
    ------
    ExperimentError
        There is none, or there are several.
    """
    experiment, slash, candidate = name.partition("/")
    if not slash:
        return find_run(project, name)
    tried = find_experiment(project, experiment)
    if tried is None:
        raise ExperimentError(
            f"the experiment `{experiment}` was not run yet",
            hint=f"`analysis experiment run {experiment}` runs it",
        )
    return _of_candidate(tried, candidate)


def _of_candidate(tried: Tried, name: str) -> Run:
    own = [run for run in tried.runs if run.role == "candidate"]
    wanted = tried.summary.current
    found = [run for run in own if run.candidate == name]
    # The one of what is declared now, else the newest.
    if found:
        return max(found, key=lambda run: (run.run in wanted, run.created))
    family = [run for run in own if run.family == name]
    if family:
        raise ExperimentError(
            f"there are {len(family)} runs of the search space `{name}`",
            hint=f"name one of them, such as `{family[-1].run}` or `{family[-1].candidate}`",
        )
    raise ExperimentError(
        f"there is no run of a candidate `{name}` in `{tried.summary.experiment}`",
        hint=_close(name, [run.candidate for run in own]),
    )


def _close(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else "`analysis experiment show` lists them"


def not_run_yet(name: str) -> str:
    """Say that an experiment has no runs, and what to do."""
    return f"`{name}` was not run yet: `analysis experiment run {name}` runs it"
