"""Fitting the candidate of a run once more on all rows, without its folds."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.errors import ExperimentError
from analysis.experiments.running.crew import Crew
from analysis.experiments.running.events import Event
from analysis.experiments.running.job import Job
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.study import Study, remove_work
from analysis.experiments.running.tasks import Task
from analysis.experiments.runs.store import MODEL


@contextlib.contextmanager
def fitted_whole(
    study: Study, planned: PlannedRun, report: Callable[[Event], None]
) -> Iterator[Path]:
    """Fit a candidate on all rows in a process of its own, and give the file of the model.

    It is there as long as the context is.

    Raises
    ------
    ExperimentError
        It cannot be fitted.
    """
    setting = study.setting(planned, prefix="whole-")
    shutil.rmtree(setting.work)
    setting.work.mkdir()
    task = Task("model", setting)
    job = Job(setting, [task], float("inf"), planned.label, judged=False)
    try:
        [done] = Crew(1, report).run([job])
        if done.failure:
            raise ExperimentError(
                f"`{planned.label}` cannot be fitted on all rows: {done.failure.what}",
                hint="look at what changed since: `git log`, `analysis experiment rerun`",
            )
        yield setting.work / MODEL
    finally:
        shutil.rmtree(setting.work, ignore_errors=True)
        if not any(setting.work.parent.iterdir()):
            remove_work(study.project, study.declared.name)
