"""Putting a run together from what its tasks have told, and writing it in one rename."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from analysis.experiments.metrics.rows import tabled
from analysis.experiments.running.job import Job
from analysis.experiments.running.judging import collected
from analysis.experiments.running.leftovers import told
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.running.study import FAILURES
from analysis.experiments.running.tasks import Setting, Task, Told
from analysis.experiments.runs.record import (
    Curve,
    FileRecord,
    FoldRecord,
    MetricValue,
    Run,
    Seconds,
)
from analysis.experiments.runs.store import (
    MODEL,
    PREDICTIONS,
    REPLICATES,
    new_run,
    write_record,
)
from analysis.files import checksum, write_text
from analysis.project import Project
from analysis.warehouse.parquetfile import write_rows

_metrics = TypeAdapter(tuple[MetricValue, ...])
_curves = TypeAdapter(tuple[Curve, ...])


def assemble(project: Project, planned: PlannedRun, job: Job, keys: pd.DataFrame) -> Run:
    """Write the run of a finished job, and give its record. ``keys`` are those of all rows."""
    done = {task.name: told(task) for task in job.done}
    with new_run(project, planned.experiment, planned.run) as folder:
        if job.failure:
            run = _failed(planned, job, done)
            write_record(folder, run, ())
            _keep_traceback(project, run, job)
        else:
            setting = job.setting
            for name in (REPLICATES, MODEL):
                if (setting.work / name).exists():
                    take(setting.work / name, folder / name)
            path = folder / PREDICTIONS
            write_rows(tabled(collected(setting), keys), path)
            predictions = FileRecord(PREDICTIONS, path.stat().st_size, checksum(path))
            run = _done(planned, job, done, predictions)
            write_record(folder, run, [*judged_curves(done["judge"]), *_more_curves(setting, done)])
    shutil.rmtree(job.setting.work, ignore_errors=True)
    return run


def _failed(planned: PlannedRun, job: Job, done: Mapping[str, Told]) -> Run:
    seconds = _seconds(done)
    return planned.record(
        status="failed",
        failure=job.failure,
        # Those of tasks that came to nothing count, too.
        seconds=replace(seconds, diagnose=round(job.used - seconds.fit - seconds.score, 3)),
        memory_mb=_memory(done),
    )


def _keep_traceback(project: Project, run: Run, job: Job) -> None:
    """Keep a traceback beside the work: it names folders of this machine, so no run has it."""
    if job.traceback:
        write_text(traceback_of(project, run), job.traceback)


def traceback_of(project: Project, run: Run) -> Path:
    """Say where the traceback of a failed run lies, if it raised."""
    return project.work_dir / "experiments" / run.experiment / FAILURES / f"{run.run}.txt"


def _done(planned: PlannedRun, job: Job, done: Mapping[str, Told], predictions: FileRecord) -> Run:
    judged = done["judge"]
    model = done.get("model")
    kept = {name: model[name] for name in ("file", "bytes", "sha256")} if model else None
    return planned.record(
        status="done",
        failure=None,
        metrics=judged_metrics(judged),
        folds=tuple(_folds(job.setting, done)),
        seconds=_seconds(done),
        memory_mb=_memory(done),
        model=FileRecord(**kept) if kept else None,
        predictions=predictions,
    )


def _folds(setting: Setting, done: Mapping[str, Told]) -> Iterator[FoldRecord]:
    values = done["judge"]["folds"]
    for number in range(1, setting.folds + 1):
        fold = done[Task("fold", setting, number).name]
        yield FoldRecord(
            fold=number,
            train_rows=fold["train_rows"],
            test_rows=fold["test_rows"],
            fit_seconds=round(fold["fit_seconds"], 3),
            score_seconds=round(fold["score_seconds"], 3),
            memory_mb=fold["memory_mb"],
            metrics={name: by_fold[number - 1] for name, by_fold in values.items()},
        )


def _seconds(done: Mapping[str, Told]) -> Seconds:
    folds = [told for name, told in done.items() if name.startswith("fold-")]
    fit = sum(told["fit_seconds"] for told in folds)
    score = sum(told["score_seconds"] for told in folds)
    every = sum(told["seconds"] for told in done.values())
    return Seconds(round(fit, 3), round(score, 3), round(max(0.0, every - fit - score), 3))


def _memory(done: Mapping[str, Told]) -> float:
    return max((float(told["memory_mb"]) for told in done.values()), default=0.0)


def take(source: Path, target: Path) -> None:
    """Have a file in another folder, too; it stays until the work is done, which may be killed."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def judged_metrics(judged: Told) -> tuple[MetricValue, ...]:
    """Read the metrics of what the judge has told."""
    return _metrics.validate_python(judged["metrics"])


def judged_curves(judged: Told) -> tuple[Curve, ...]:
    """Read the curves of what the judge has told."""
    return _curves.validate_python(judged["curves"])


def _more_curves(setting: Setting, done: Mapping[str, Told]) -> Iterator[Curve]:
    yield from _learning(setting, done)
    first = done["fold-1"]
    if points := first.get("iterations"):
        yield Curve(
            "iteration", "test", tuple(p[0] for p in points), tuple(_rounded(p[1]) for p in points)
        )
    if found := first.get("importance"):
        ranked = sorted(found, key=lambda row: -row[1])
        yield Curve(
            "importance",
            "",
            tuple(float(place) for place in range(1, len(ranked) + 1)),
            tuple(_rounded(row[1]) for row in ranked),
            tuple(_rounded(row[2]) for row in ranked),
            tuple(_rounded(row[3]) for row in ranked),
            names=tuple(row[0] for row in ranked),
        )


def _learning(setting: Setting, done: Mapping[str, Told]) -> Iterator[Curve]:
    """Give the mean score over some folds by rows to train on, with the least and the most."""
    wanted = setting.diagnosis
    if not wanted.sizes or not wanted.folds:
        return
    folds = range(1, wanted.folds + 1)
    deciding = setting.judging.metrics[0]
    sizes: dict[float, list[Told]] = {
        share: [done[Task("size", setting, fold, share).name] for fold in folds]
        for share in wanted.sizes
        if share < 1
    }
    scored = done["judge"]["folds"][deciding]
    sizes[1.0] = [done[f"fold-{fold}"] | {"test_score": scored[fold - 1]} for fold in folds]
    for series in ("train", "test"):
        points = [[told[f"{series}_score"] for told in size] for size in sizes.values()]
        yield Curve(
            "learning",
            series,
            tuple(
                round(float(np.mean([told["train_rows"] for told in s]))) for s in sizes.values()
            ),
            tuple(_over(np.mean, values) for values in points),
            tuple(_over(np.min, values) for values in points),
            tuple(_over(np.max, values) for values in points),
        )


def _over(function: Any, values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _rounded(float(function(known))) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
