"""Plausible runs of experiments on disk, without training anything: `3`, `200` or `1000` of them.

What is written follows from names alone, so that two calls give the same files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from analysis.experiments.runs import store
from analysis.experiments.runs.inputs import inputs_of
from analysis.experiments.runs.record import (
    Comparison,
    Failure,
    Listed,
    Run,
    SplitRecord,
    Summary,
    Task,
)
from analysis.project import find_project
from tests.helpers.run_families import Setting, settings
from tests.helpers.run_values import Values, generator, metrics_of, values_of

FORWARD = SplitRecord("forward", "day", None, 4, 1, "forward by day, 4 folds", "f" * 32)
RANDOM = SplitRecord("random", None, None, 5, 1, "random, 5 folds", "r" * 32)
BY_DAY = SplitRecord("by", "day", "day", 5, 1, "by day, 5 folds", "d" * 32)
# A declaration that could have led to such runs.
DECLARED = """\
question: Which trips are late?
dataset: {sample: trips, features: [plan, weather], target: late}
split: {by: day, folds: 5}
metrics: roc_auc
candidates:
  logistic: {estimator: sklearn.linear_model.LogisticRegression}
"""
_BEGIN = datetime(2026, 5, 1, 8, tzinfo=UTC)


def write_run(
    root: Path,
    experiment: str = "late-flights",
    candidate: str | Setting = "logistic",
    *,
    place: int = 0,
    task: Task = "binary",
    failed: str | None = None,
    split: SplitRecord = BY_DAY,
    **changes: Any,
) -> Run:
    """Write the folder of a run, and give it; the project's root must hold a ``_quarto.yml``.

    ``place`` is its place in the order of runs. ``failed`` is the message of a run that failed.
    ``changes`` are fields of the record that shall be otherwise.
    """
    setting = Setting(candidate) if isinstance(candidate, str) else candidate
    values = values_of(setting, task, split.folds, f"{experiment} {setting.name} {split.kind}")
    run = replace(
        _run(experiment, setting, task, split, place, values),
        **(_failed(failed) if failed else {}),
        **changes,
    )
    with store.new_run(find_project(root), experiment, run.run) as folder:
        if run.status == "failed":
            store.write_record(folder, run, ())
        else:
            store.write_record(folder, run, values.curves)
            np.save(folder / store.REPLICATES, values.replicates.astype(np.float32))
    return run


def write_experiment(
    root: Path,
    name: str = "late-flights",
    runs: int | Sequence[Run] = 8,
    *,
    task: Task = "binary",
    failed: int = 0,
    honesty: bool = True,
    outdated: int = 0,
    **changes: Any,
) -> Summary:
    """Write ``runs`` candidates of an experiment and its ``experiment.json``, which is given.

    The warehouse, if there is one, tells what the runs were trained on. The last ``failed`` of
    them failed. With ``honesty``, the best is also there under random and
    forward splits. The first ``outdated`` are not of what is declared now. ``changes`` are fields
    of the summary. Where runs are given that are written already, none is added.
    """
    project = find_project(root)
    if isinstance(runs, int):
        runs = _write_runs(root, name, runs, task, failed)
        if honesty and (best := _best(runs)):
            runs = [*runs, *_honest(root, best, len(runs))]
    summary = replace(_summary(name, task, list(runs), outdated), **changes)
    listed = tuple(
        replace(row, digest=store.digest_of(project, run))
        for row, run in zip(summary.runs, runs, strict=True)
    )
    current = [run for run, row in zip(runs, listed, strict=True) if row.current]
    summary = replace(summary, runs=listed, inputs=inputs_of(project, current))
    store.write_summary(project, summary)
    return summary


def _write_runs(root: Path, name: str, count: int, task: Task, failed: int) -> list[Run]:
    found = []
    for place, setting in enumerate(settings(task, count)):
        told = f"{setting.name}: did not converge" if place >= count - failed else None
        found.append(write_run(root, name, setting, place=place, task=task, failed=told))
    return found


def _honest(root: Path, best: Run, place: int) -> list[Run]:
    setting = Setting(best.candidate, best.family, best.estimator, best.parameters)
    return [
        write_run(
            root,
            best.experiment,
            setting,
            place=place + i,
            task=best.task,
            split=split,
            role="honesty",
        )
        for i, split in enumerate((RANDOM, FORWARD))
    ]


def _run(
    experiment: str, setting: Setting, task: Task, split: SplitRecord, place: int, values: Values
) -> Run:
    key = generator(f"{experiment} {setting.name} {split.kind} key").bytes(16).hex()
    return Run(
        format=store.FORMAT,
        run=key[:10],
        key=key,
        experiment=experiment,
        candidate=setting.name,
        family=setting.family or setting.name,
        role="candidate",
        status="done",
        failure=None,
        created=(_BEGIN + timedelta(minutes=place)).isoformat(timespec="seconds"),
        task=task,
        estimator=setting.estimator,
        parameters=setting.parameters,
        recipe={"estimator": setting.estimator, "parameters": setting.parameters},
        data=values.data,
        split=split,
        blocks=values.blocks,
        metrics=values.metrics,
        folds=values.folds,
        seconds=values.seconds,
        memory_mb=values.memory_mb,
        seeds={"split": 1, "model": 1},
        model=values.model,
        predictions=values.predictions,
        origin=values.origin,
        command=f"analysis experiment rerun {key[:10]}",
    )


def _failed(message: str) -> dict[str, Any]:
    return {
        "status": "failed",
        "failure": Failure(message, "fold 2 of 5"),
        "metrics": (),
        "folds": (),
        "model": None,
        "predictions": None,
    }


def _decisive(run: Run) -> float:
    metric = run.metrics[0]
    value = metric.value if metric.value is not None else -np.inf
    return float(value if metric.best == "high" else -value)


def _best(runs: Sequence[Run]) -> Run | None:
    done = [run for run in runs if run.status == "done" and run.role == "candidate"]
    return max(done, key=_decisive, default=None)


def _summary(name: str, task: Task, runs: list[Run], outdated: int) -> Summary:
    candidates = [run for run in runs if run.role == "candidate"]
    best = _best(candidates)
    baseline = next((r for r in candidates if "Dummy" in r.estimator and r.metrics), None)
    data = runs[0].data if runs else values_of(Setting("none"), task, 5, name).data
    metrics = metrics_of(task)
    return Summary(
        format=store.FORMAT,
        experiment=name,
        question=f"Which model answers best what {name} asks?",
        owner="Analysis team",
        task=task,
        sample=data.sample,
        features=tuple(data.features),
        target=data.target,
        positive=data.positive,
        metric=metrics[0].name,
        best=metrics[0].best,
        metrics=tuple(metric.name for metric in metrics),
        split=BY_DAY.label,
        blocks="day",
        candidates=len(candidates),
        leader=best.run if best else None,
        baseline=baseline.run if baseline else None,
        updated=max((run.created for run in runs), default=_BEGIN.isoformat()),
        runs=tuple(Listed(run.run, "", i >= outdated) for i, run in enumerate(runs)),
        comparisons=tuple(_comparisons(candidates, best, baseline)),
    )


def _comparisons(runs: Sequence[Run], best: Run | None, baseline: Run | None) -> list[Comparison]:
    found = []
    for against, other in (("best", best), ("baseline", baseline)):
        for run in runs:
            if other is None or run.run == other.run or run.status == "failed":
                continue
            found.append(_comparison(run, other, against))
    return found


def _comparison(run: Run, other: Run, against: Any) -> Comparison:
    mine, its = run.metrics[0], other.metrics[0]
    difference = (mine.value or 0.0) - (its.value or 0.0)
    half = 0.5 * ((mine.high or 0.0) - (mine.low or 0.0))
    apart = abs(difference) > half
    return Comparison(
        run=run.run,
        other=other.run,
        against=against,
        metric=mine.name,
        difference=difference,
        low=difference - half,
        high=difference + half,
        p=float(np.exp(-3.0 * abs(difference) / max(half, 1e-9))),
        distinguishable=apart,
        paired=True,
    )
