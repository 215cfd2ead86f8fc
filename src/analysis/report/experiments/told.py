"""An experiment and its runs as pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.report.experiments.intervals import Estimate

# What stands before a value in the name of a candidate: ``boosting[max_iter=100]``.
_PARAMETER = re.compile(r"(?<=[\[ ])[\w.]+=")


@dataclass(frozen=True)
class Gap:
    """The difference of a run from another in the metric that decides."""

    difference: Estimate
    p: float | None
    distinguishable: bool


@dataclass(frozen=True)
class ToldRun:
    """A run, with its metrics by name and its differences from the best and the baseline."""

    run: str
    candidate: str
    family: str
    role: str
    status: str
    current: bool
    created: str
    estimator: str
    parameters: Mapping[str, Any]
    failure: str | None
    during: str | None
    split: str
    split_kind: str
    rows: int | None
    fit_seconds: float | None
    memory_mb: float | None
    model_bytes: int | None
    commit: str | None
    metrics: Mapping[str, Estimate]
    from_best: Gap | None
    from_baseline: Gap | None
    # Of a candidate under another split: the difference from the split that decides.
    from_own: Gap | None

    @property
    def is_done(self) -> bool:
        """Say whether it has results."""
        return self.status == "done"

    def value(self, metric: str) -> float | None:
        """Give the value of a metric."""
        estimate = self.metrics.get(metric)
        return estimate.value if estimate else None


@dataclass(frozen=True)
class ToldExperiment:
    """An experiment with all of its runs; ``best`` says where each metric is best."""

    name: str
    question: str
    owner: str | None
    task: str
    sample: str
    features: tuple[str, ...]
    target: str
    positive: str | None
    metric: str
    metrics: tuple[str, ...]
    best: Mapping[str, str]
    split: str
    blocks: str
    candidates: int
    leader: str | None
    baseline: str | None
    updated: str | None
    selection_bias: float | None
    runs: tuple[ToldRun, ...]

    def find(self, run: str | None) -> ToldRun | None:
        """Give a run by its name."""
        return self._by_name.get(run or "")

    @cached_property
    def _by_name(self) -> Mapping[str, ToldRun]:
        return {run.run: run for run in self.runs}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name each run in a chart: its candidate, with the values of a search space alone."""
        short = {run.run: _PARAMETER.sub("", run.candidate) for run in self.runs}
        candidates = {run.candidate for run in self.runs}
        if len({_PARAMETER.sub("", name) for name in candidates}) < len(candidates):
            return {run.run: run.candidate for run in self.runs}
        return short

    @cached_property
    def shown(self) -> tuple[ToldRun, ...]:
        """Give the current runs of candidates: the best first, the failed ones last."""
        return self.ranked(run for run in self.runs if run.current and run.role == "candidate")

    @cached_property
    def done(self) -> tuple[ToldRun, ...]:
        """Give the current runs of candidates that have results, the best first."""
        return tuple(run for run in self.shown if run.is_done)

    @property
    def failed(self) -> tuple[ToldRun, ...]:
        """Give the current runs of candidates that failed."""
        return tuple(run for run in self.shown if not run.is_done)

    @property
    def earlier(self) -> tuple[ToldRun, ...]:
        """Give the runs that are not of what is declared now, the last first."""
        found = (run for run in self.runs if not run.current and run.role == "candidate")
        return tuple(sorted(found, key=lambda run: (run.created, run.run), reverse=True))

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Name the declared candidates, in the order of the best run of each."""
        return tuple(dict.fromkeys(run.family for run in self.done))

    def ranked(self, runs: Iterable[ToldRun]) -> tuple[ToldRun, ...]:
        """Order runs by the metric that decides; those without it come last."""
        best = self.best.get(self.metric, "high")

        def place(run: ToldRun) -> tuple[bool, bool, float, str]:
            value = run.value(self.metric)
            loss = 0.0 if value is None else loss_of(value, best)
            return not run.is_done, value is None, loss, run.candidate

        return tuple(sorted(runs, key=place))


def loss_of(value: float, best: str) -> float:
    """Say how bad a value is: nought or less is better, as ``best`` says where a metric is best."""
    if best == "high":
        return -value
    return {"low": value, "one": abs(value - 1), "zero": abs(value)}[best]
