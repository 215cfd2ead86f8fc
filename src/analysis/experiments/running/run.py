"""Running an experiment: what it wants and there is not yet, kept run by run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.experiments.declared.file import Declared
from analysis.experiments.running.assemble import assemble
from analysis.experiments.running.crew import Crew
from analysis.experiments.running.events import Event, Planned, RunDone
from analysis.experiments.running.job import Job
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.renewal import renew
from analysis.experiments.running.study import Study, open_study
from analysis.experiments.running.tasks import tasks_of
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import runs_of
from analysis.project import Project


@dataclass(frozen=True)
class Options:
    """How an experiment is run: tasks at once; ``retry`` makes failed runs again."""

    jobs: int
    retry: bool = False


@dataclass(frozen=True)
class Result:
    """What an experiment has come to: runs that were made now, and all that are current."""

    made: tuple[Run, ...]
    current: tuple[Run, ...]


def run_experiment(
    project: Project, declared: Declared, options: Options, report: Callable[[Event], None]
) -> Result:
    """Make the runs that an experiment wants and that are not there yet.

    Each is on disk as soon as it is done. Whatever stops the rest, it is not made again.

    Raises
    ------
    ProjectError
        The experiment does not fit the warehouse; with file and line.
    """
    study = open_study(project, declared)
    wanted = [*study.candidates()]
    made: list[Run] = []
    try:
        made += _make(study, wanted, options, report)
        # Which candidate is the best is known only now.
        wanted += study.honesty(_there(study, wanted))
        made += _make(study, wanted, options, report)
    finally:
        current = _there(study, wanted)
        renew(study, current)
    return Result(tuple(made), current)


def _make(
    study: Study, wanted: Sequence[PlannedRun], options: Options, report: Callable[[Event], None]
) -> Iterator[Run]:
    known = {run.run: run for run in _there(study, wanted)}
    missing = [run for run in wanted if _is_missing(known.get(run.run), options)]
    if not missing:
        return
    jobs = [_job(study, run) for run in missing]
    tasks = {run.label: len(job.waiting) for run, job in zip(missing, jobs, strict=True)}
    report(Planned(tasks, len(wanted) - len(missing)))
    planned = {id(job): run for run, job in zip(missing, jobs, strict=True)}
    for job in Crew(options.jobs, report).run(jobs):
        run = assemble(study.project, planned[id(job)], job, study.keys)
        report(RunDone(run))
        yield run


def _is_missing(run: Run | None, options: Options) -> bool:
    return run is None or (options.retry and run.status == "failed")


def _job(study: Study, planned: PlannedRun) -> Job:
    setting = study.setting(planned)
    tasks = tasks_of(setting, keep_model=planned.role == "candidate")
    return Job(setting, [*tasks], 60 * study.experiment.budget.max_minutes, planned.label)


def _there(study: Study, wanted: Sequence[PlannedRun]) -> tuple[Run, ...]:
    names = {planned.run for planned in wanted}
    return tuple(run for run in runs_of(study.project, study.declared.name) if run.run in names)
