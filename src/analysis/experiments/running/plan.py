"""Which runs an experiment wants: each keyed by all that its outcome depends on."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.candidates.nested import NAMED
from analysis.experiments.runs.record import (
    FORMAT,
    BlockRecord,
    DataRecord,
    Failure,
    FileRecord,
    FoldRecord,
    MetricValue,
    Origin,
    Run,
    Seconds,
    SplitRecord,
    Task,
)
from analysis.files import digest

NAME_LENGTH = 10


@dataclass(frozen=True)
class PlannedRun:
    """A candidate under a split, on rows whose content is known; before or after it was run."""

    experiment: str
    candidate: Candidate
    role: Literal["candidate", "honesty"]
    task: Task
    data: DataRecord
    split: SplitRecord
    blocks: BlockRecord
    seeds: Mapping[str, int]
    origin: Origin

    @property
    def key(self) -> str:
        """Fingerprint what the outcome depends on: rows, candidate, split, code and packages.

        Metrics, draws and blocks are not in it: they are computed anew from the predictions. The
        candidate's name is: what is told of a run is told by it.
        """
        used = {name: self.data.columns[name] for name in sorted(self.data.columns)}
        parts: tuple[Any, ...] = (
            FORMAT,
            self.task,
            self.role,
            (self.candidate.name, self.candidate.family),
            used,
            # Lists, for models depend on the order of columns.
            [[view, *names] for view, names in self.data.features.items()],
            (self.data.key, self.data.target, self.data.positive),
            _in_order("", self.candidate.recipe),
            self.split.digest,
            self.seeds["estimator"],
            self.origin.code,
            self.origin.packages,
        )
        return digest(json.dumps(parts, sort_keys=True, default=str).encode())

    @property
    def label(self) -> str:
        """Name the run for people."""
        if self.role == "candidate":
            return self.candidate.name
        return f"{self.candidate.name} under {self.split.label}"

    @property
    def run(self) -> str:
        """Give the short name of the run."""
        return self.key[:NAME_LENGTH]

    def record(
        self,
        *,
        status: Literal["done", "failed"],
        failure: Failure | None,
        seconds: Seconds,
        memory_mb: float,
        metrics: tuple[MetricValue, ...] = (),
        folds: tuple[FoldRecord, ...] = (),
        model: FileRecord | None = None,
        predictions: FileRecord | None = None,
    ) -> Run:
        """Give the record of the run, made now."""
        return Run(
            format=FORMAT,
            run=self.run,
            key=self.key,
            experiment=self.experiment,
            candidate=self.candidate.name,
            family=self.candidate.family,
            role=self.role,
            status=status,
            failure=failure,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            task=self.task,
            estimator=self.candidate.estimator,
            parameters=self.candidate.parameters,
            recipe=self.candidate.recipe,
            data=self.data,
            split=self.split,
            blocks=self.blocks,
            metrics=metrics,
            folds=folds,
            seconds=seconds,
            memory_mb=memory_mb,
            seeds=self.seeds,
            model=model,
            predictions=predictions,
            origin=self.origin,
            command=f"analysis experiment rerun {self.run}",
        )


def _in_order(name: str, value: Any) -> Any:
    """Give the recipe as lists where the order of a mapping counts: of steps, of estimators."""
    if isinstance(value, Mapping):
        inner = {key: _in_order(key, part) for key, part in value.items()}
        return [*inner.items()] if name.rpartition("__")[2] in NAMED else inner
    return [_in_order(name, part) for part in value] if isinstance(value, list) else value


def python_version() -> str:
    """Give the version of Python."""
    return platform.python_version()


def machine() -> str:
    """Name the system and the processor."""
    return f"{platform.system()} {platform.machine()}"
