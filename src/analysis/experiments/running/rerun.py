"""Making a run once more: the same numbers, or what differs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import ExperimentError
from analysis.experiments.comparing.changes import MISSING, Change
from analysis.experiments.metrics.rows import tabled
from analysis.experiments.running.again import declared_again
from analysis.experiments.running.causes import causes
from analysis.experiments.running.crew import Crew
from analysis.experiments.running.events import Event, Planned
from analysis.experiments.running.job import Job
from analysis.experiments.running.judging import collected
from analysis.experiments.running.leftovers import told
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.study import Study, open_study, remove_work
from analysis.experiments.running.tasks import Task, tasks_of
from analysis.experiments.runs.record import FileRecord, Run
from analysis.experiments.runs.store import MODEL, PREDICTIONS, run_folder
from analysis.files import checksum
from analysis.project import Project
from analysis.warehouse.parquetfile import write_rows


@dataclass(frozen=True)
class Rerun:
    """What came of making a run once more.

    ``metrics`` are the folds' that differ, ``causes`` what else does: rows, code, packages.
    ``restored`` are files of the run that were missing, and are there again.
    """

    run: Run
    metrics: tuple[Change, ...]
    causes: tuple[Change, ...]
    restored: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Say whether every metric of every fold is the same, to the last digit."""
        return not self.metrics


def rerun(project: Project, run: Run, jobs: int, report: Callable[[Event], None]) -> Rerun:
    """Make ``run`` once more from what it was made of, and compare.

    The run stays as it is; only files of it that are missing are written, if all is the same.

    Raises
    ------
    ExperimentError
        It failed then, or fails now.
    """
    if run.failure:
        raise ExperimentError(
            f"the run `{run.run}` failed: {run.failure.what}",
            hint=f"`analysis experiment run {run.experiment} --retry` tries again",
        )
    study = open_study(project, declared_again(run))
    planned = study.candidates()[0]
    changed = tuple(causes(run, planned))
    job = _job(study, planned, run)
    try:
        _finish(job, jobs, report)
        metrics = tuple(_metrics(run, told(Task("judge", job.setting))["folds"]))
        restored = () if metrics or changed else tuple(_restored(project, run, job, study))
    finally:
        shutil.rmtree(job.setting.work, ignore_errors=True)
        if not any(job.setting.work.parent.iterdir()):
            remove_work(project, run.experiment)
    return Rerun(run, metrics, changed, restored)


def _job(study: Study, planned: PlannedRun, run: Run) -> Job:
    # The name and the seed are the run's: a seed of its experiment may be another by now.
    seeds = {**planned.seeds, **run.seeds}
    setting = study.setting(replace(planned, seeds=seeds), prefix="rerun-")
    shutil.rmtree(setting.work)
    setting.work.mkdir()
    tasks = tasks_of(setting, keep_model=run.model is not None)
    return Job(setting, [*tasks], float("inf"), planned.label)


def _finish(job: Job, jobs: int, report: Callable[[Event], None]) -> None:
    report(Planned({job.label: job.tasks}, 0))
    [done] = Crew(jobs, report).run([job])
    if done.failure:
        raise ExperimentError(
            f"the run fails now: {done.failure.what} ({done.failure.during})",
            hint="look at what changed since: `git log`, `analysis experiment show`",
        )


def _metrics(run: Run, values: Mapping[str, list[float | None]]) -> Iterator[Change]:
    for place, fold in enumerate(run.folds):
        for name, then in fold.metrics.items():
            now = values[name][place] if place < len(values[name]) else MISSING
            if now != then:
                yield Change(f"{name} in fold {fold.fold}", then, now)


def _restored(project: Project, run: Run, job: Job, study: Study) -> Iterator[str]:
    """Put back files that are missing, if they are what they were to the last byte."""
    made = job.setting.work / PREDICTIONS
    write_rows(tabled(collected(job.setting), study.keys), made)
    for name, file in ((PREDICTIONS, run.predictions), (MODEL, run.model)):
        target = run_folder(project, run) / name
        if file and not target.exists() and _is(job.setting.work / name, file):
            (job.setting.work / name).replace(target)
            yield name


def _is(path: Path, file: FileRecord) -> bool:
    return path.exists() and checksum(path) == file.sha256
