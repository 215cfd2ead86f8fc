"""Running an experiment: what it wants and there is not yet, kept run by run."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import ExperimentError
from analysis.experiments.declared.file import Declared
from analysis.experiments.running.assemble import assemble
from analysis.experiments.running.crew import Crew
from analysis.experiments.running.events import Event, Planned, RunDone
from analysis.experiments.running.job import Job
from analysis.experiments.running.lacking import lacks
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.rejudging import (
    assemble_anew,
    can_be_judged,
    is_judged_so,
    job_of,
)
from analysis.experiments.running.renewal import renew
from analysis.experiments.running.study import Study, open_study, remove_work
from analysis.experiments.running.tasks import tasks_of
from analysis.experiments.runs.record import Run, Summary
from analysis.experiments.runs.store import remove_unfinished, runs_of
from analysis.project import Project


@dataclass(frozen=True)
class Options:
    """How an experiment is run: tasks at once; ``retry`` makes failed and lacking runs again."""

    jobs: int
    retry: bool = False


@dataclass(frozen=True)
class Result:
    """What an experiment has come to.

    ``made`` are the runs that were made now, ``judged`` those that were judged anew, ``current``
    all that are of what is declared. ``lacking`` counts those that were made before something that
    is looked at beside their folds was declared, such as ``importance``.
    """

    made: tuple[Run, ...]
    judged: tuple[Run, ...]
    current: tuple[Run, ...]
    summary: Summary
    lacking: Mapping[str, int]


@dataclass(frozen=True)
class _Work:
    """A run that is to be made; or judged anew, if there is one already."""

    planned: PlannedRun
    job: Job
    before: Run | None


def run_experiment(
    project: Project, declared: Declared, options: Options, report: Callable[[Event], None]
) -> Result:
    """Make the runs that an experiment wants and that are not there yet.

    Those that were judged otherwise than is declared are judged anew, without training where their
    predictions are there. Each is on disk as soon as it is done: whatever stops the rest, it is not
    made again.

    Raises
    ------
    ProjectError
        The experiment does not fit the warehouse; with file and line.
    ExperimentError
        Nothing can be written.
    """
    with _told_where_nothing_can_be_written():
        return _run(open_study(project, declared), options, report)


@contextlib.contextmanager
def _told_where_nothing_can_be_written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExperimentError(
            f"`{error.filename or 'a file'}`: {error.strerror or error}",
            hint="mend that, and run it again: what is done by now is not done again",
        ) from error


def _run(study: Study, options: Options, report: Callable[[Event], None]) -> Result:
    project, declared = study.project, study.declared
    remove_unfinished(project, declared.name)
    wanted = [*study.candidates()]
    done: list[RunDone] = []
    try:
        done += _make(study, wanted, options, report)
        # Which candidate is the best is known only now.
        wanted += _distinct(study.honesty(_there(study, wanted)))
        done += _make(study, wanted, options, report)
    finally:
        current = _there(study, wanted)
        summary = renew(study, current)
    remove_work(project, declared.name)
    made = tuple(event.run for event in done if not event.anew)
    judged = tuple(event.run for event in done if event.anew)
    return Result(made, judged, current, summary, _lacking(study, wanted, current))


def _lacking(
    study: Study, wanted: Sequence[PlannedRun], current: Sequence[Run]
) -> Mapping[str, int]:
    planned = {one.run: one for one in wanted}
    return Counter(
        what
        for run in current
        for what in lacks(study.project, run, study.diagnosis(planned[run.run]))
    )


def _make(
    study: Study, wanted: Sequence[PlannedRun], options: Options, report: Callable[[Event], None]
) -> Iterator[RunDone]:
    works = [*_works(study, wanted, options)]
    if not works:
        return
    report(
        Planned(
            {work.planned.label: work.job.tasks for work in works},
            kept=len(wanted) - len(works),
            anew=sum(work.before is not None for work in works),
        )
    )
    by_job = {id(work.job): work for work in works}
    for job in Crew(options.jobs, report).run([work.job for work in works]):
        event = _assembled(study, by_job[id(job)])
        report(event)
        yield event


def _assembled(study: Study, work: _Work) -> RunDone:
    if work.before is None or work.job.failure:
        return RunDone(assemble(study.project, work.planned, work.job, study.keys))
    return RunDone(assemble_anew(study.project, work.before, work.planned, work.job), anew=True)


def _distinct(wanted: Sequence[PlannedRun]) -> tuple[PlannedRun, ...]:
    """Keep one of those that are the same: two rules may split rows alike."""
    return tuple({planned.run: planned for planned in wanted}.values())


def _works(study: Study, wanted: Sequence[PlannedRun], options: Options) -> Iterator[_Work]:
    known = {run.run: run for run in runs_of(study.project, study.declared.name)}
    budget = 60 * study.experiment.budget.max_minutes
    for planned in wanted:
        run = known.get(planned.run)
        if run is not None and options.retry and _is_to_be_made_again(study, planned, run):
            run = None
        if run is not None and is_judged_so(study.project, run, planned, study.judging):
            continue
        setting = study.setting(planned)
        if run is not None and can_be_judged(study.project, run, study.judging):
            yield _Work(planned, job_of(study.project, run, setting, budget, planned.label), run)
            continue
        tasks = tasks_of(setting, keep_model=planned.role == "candidate")
        yield _Work(planned, Job(setting, [*tasks], budget, planned.label), None)


def _is_to_be_made_again(study: Study, planned: PlannedRun, run: Run) -> bool:
    return run.status == "failed" or bool(lacks(study.project, run, study.diagnosis(planned)))


def _there(study: Study, wanted: Sequence[PlannedRun]) -> tuple[Run, ...]:
    planned = {one.run: one for one in wanted}
    return tuple(
        run
        for run in runs_of(study.project, study.declared.name)
        if run.run in planned and is_judged_so(study.project, run, planned[run.run], study.judging)
    )
