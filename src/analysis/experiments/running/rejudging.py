"""Judging runs anew from their predictions, where other metrics, draws or blocks are declared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.errors import ProjectError
from analysis.experiments.metrics.rows import Columns, columns_of
from analysis.experiments.running.assemble import judged_curves, judged_metrics, take
from analysis.experiments.running.job import Job
from analysis.experiments.running.leftovers import told
from analysis.experiments.running.outcome import Outcome, write_outcome
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.predicting import test_rows
from analysis.experiments.running.tasks import Judging, Setting, Task
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import (
    MODEL,
    PREDICTIONS,
    REPLICATES,
    curves_of,
    new_run,
    run_folder,
    write_record,
)
from analysis.files import checksum, write_text
from analysis.project import Project
from analysis.warehouse.parquetfile import read_rows

# What was found out with the fitted candidate, by the first metric.
_FITTED = ("learning", "iteration", "importance")


def is_judged_so(project: Project, run: Run, planned: PlannedRun, judging: Judging) -> bool:
    """Say whether a run was judged as it would be now; a failed one has nothing to be judged."""
    if run.status == "failed":
        return True
    path = run_folder(project, run) / REPLICATES
    try:
        drawn = np.load(path, mmap_mode="r", allow_pickle=False).shape
    except (OSError, ValueError):
        return False
    return (
        tuple(metric.name for metric in run.metrics) == judging.metrics
        and run.blocks.digest == planned.blocks.digest
        and drawn == (judging.draws, len(judging.metrics))
    )


def can_be_judged(project: Project, run: Run, judging: Judging) -> bool:
    """Say whether a run need not be trained for that.

    Its predictions are there to the last byte, and nothing was looked at by another first metric.
    """
    path = run_folder(project, run) / PREDICTIONS
    if run.predictions is None or not path.is_file() or checksum(path) != run.predictions.sha256:
        return False
    if run.metrics[0].name == judging.metrics[0]:
        return True
    return not any(curve.curve in _FITTED for curve in curves_of(project, run))


def job_of(project: Project, run: Run, setting: Setting, budget: float, label: str) -> Job:
    """Give a job of which only the judge is left, as all folds have predicted.

    Raises
    ------
    ProjectError
        The predictions cannot be read.
    """
    rows = read_rows(run_folder(project, run) / PREDICTIONS)
    named = columns_of(run.data.key, setting.classes)
    if named.label not in rows:
        raise ProjectError(f"`{PREDICTIONS}` of the run `{run.run}` lacks `{named.label}`")
    folds = [Task("fold", setting, fold.fold) for fold in run.folds]
    for task, fold in zip(folds, run.folds, strict=True):
        outcome = _outcome(rows[rows[named.fold] == task.fold], named, setting.classes)
        # The file has the rows in the order of the dataset, whatever that of the fold is.
        back = np.argsort(np.argsort(test_rows(task), kind="stable"), kind="stable")
        write_outcome(task, outcome.at(back))
        about = {name: getattr(fold, name) for name in _OF_FOLD}
        write_text(task.result, json.dumps({**about, "seconds": 0.0}) + "\n")
    return Job(setting, [*folds], budget, label)


_OF_FOLD = ("train_rows", "test_rows", "fit_seconds", "score_seconds", "memory_mb")


def _outcome(rows: pd.DataFrame, named: Columns, classes: Sequence[str]) -> Outcome:
    if not classes:
        return Outcome(rows[named.label].to_numpy(float))
    codes = {name: code for code, name in enumerate(classes)}
    label = rows[named.label].map(codes).to_numpy(np.int32)
    if {*named.chances} <= {*rows.columns}:
        return Outcome(label, rows[[*named.chances]].to_numpy(float))
    if not {*named.decisions} <= {*rows.columns}:
        return Outcome(label)
    decision = rows[[*named.decisions]].to_numpy(float)
    return Outcome(label, None, decision[:, 0] if len(classes) == 2 else decision)


def assemble_anew(project: Project, run: Run, planned: PlannedRun, job: Job) -> Run:
    """Put what the judge says now in the place of what he said, and give the record."""
    judged = told(Task("judge", job.setting))
    new = replace(
        run,
        blocks=planned.blocks,
        seeds=planned.seeds,
        metrics=judged_metrics(judged),
        folds=tuple(
            replace(fold, metrics={n: values[place] for n, values in judged["folds"].items()})
            for place, fold in enumerate(run.folds)
        ),
    )
    kept = [curve for curve in curves_of(project, run) if curve.curve in _FITTED]
    before = run_folder(project, run)
    with new_run(project, run.experiment, run.run) as folder:
        take(job.setting.work / REPLICATES, folder / REPLICATES)
        for name in (MODEL, PREDICTIONS):
            if (before / name).exists():
                shutil.copy2(before / name, folder / name)
        write_record(folder, new, [*judged_curves(judged), *kept])
    shutil.rmtree(job.setting.work, ignore_errors=True)
    return new
