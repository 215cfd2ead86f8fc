"""What is told of a run to programs that know parameters, numbers and tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from analysis.experiments.runs.record import Run, Summary
from analysis.files import digest

# Of longer texts only the fingerprint is told: what keeps tags has a limit.
_LONGEST = 4_000
_UNFIT = re.compile(r"[^\w.\- :/]")


@dataclass(frozen=True)
class Number:
    """A number by name; ``step`` is the fold, or nought."""

    name: str
    value: float
    step: int = 0


@dataclass(frozen=True)
class Told:
    """A run as texts and numbers; times are in milliseconds since 1970."""

    name: str
    began: int
    ended: int
    failed: bool
    parameters: Mapping[str, str]
    numbers: tuple[Number, ...]
    tags: Mapping[str, str]


def told(run: Run, summary: Summary, current: bool) -> Told:
    """Turn a run into texts and numbers."""
    ended = int(datetime.fromisoformat(run.created).timestamp() * 1000)
    seconds = run.seconds.fit + run.seconds.score + run.seconds.diagnose
    return Told(
        name=run.candidate if run.role == "candidate" else f"{run.candidate} ({run.split.label})",
        began=ended - round(1000 * seconds),
        ended=ended,
        failed=run.status == "failed",
        parameters={"estimator": run.estimator}
        | {_key(name): str(value) for name, value in run.parameters.items()},
        numbers=tuple(_numbers(run)),
        tags={key: value for key, value in _tags(run, summary, current) if value is not None},
    )


def _numbers(run: Run) -> Iterator[Number]:
    for metric in run.metrics:
        if metric.value is not None:
            yield Number(metric.name, metric.value)
        for end in ("low", "high", "fold_low", "fold_high"):
            if (value := getattr(metric, end)) is not None:
                yield Number(f"{metric.name}.{end}", value)
    for fold in run.folds:
        for name, value in fold.metrics.items():
            if value is not None:
                yield Number(f"{name}.fold", value, fold.fold)
        yield Number("fit_seconds.fold", fold.fit_seconds, fold.fold)
    yield Number("fit_seconds", run.seconds.fit)
    yield Number("score_seconds", run.seconds.score)
    yield Number("memory_mb", run.memory_mb)
    if run.model:
        yield Number("model_bytes", run.model.bytes)


def _tags(run: Run, summary: Summary, current: bool) -> Iterator[tuple[str, str | None]]:
    columns = json.dumps(dict(run.data.columns), ensure_ascii=False, sort_keys=True)
    yield "analysis.run", run.run
    yield "analysis.key", run.key
    yield "analysis.experiment", run.experiment
    yield "analysis.candidate", run.candidate
    yield "analysis.family", run.family
    yield "analysis.role", run.role
    yield "analysis.current", str(current).lower()
    yield "analysis.question", summary.question[:_LONGEST]
    yield "analysis.split", run.split.label
    yield "analysis.blocks", run.blocks.label
    yield "analysis.sample", run.data.sample
    yield "analysis.target", run.data.target
    yield "analysis.data", digest(columns.encode())
    yield "analysis.columns", columns if len(columns) <= _LONGEST else None
    yield "analysis.commit", run.origin.commit
    yield "analysis.dirty", None if run.origin.dirty is None else str(run.origin.dirty).lower()
    yield "analysis.command", run.command
    if run.failure:
        yield "analysis.failure", f"{run.failure.what} ({run.failure.during})"[:_LONGEST]


def _key(name: str) -> str:
    return _UNFIT.sub("_", name)
