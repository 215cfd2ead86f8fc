"""Runs in the order of the metric that decides."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from analysis.experiments.runs.record import Best, Run


def gain(value: float | None, best: Best) -> float:
    """Turn a value so that more of it is better; what there is none of is worst."""
    if value is None or not math.isfinite(value):
        return -math.inf
    if best in ("high", "low"):
        return value if best == "high" else -value
    return -abs(value - 1) if best == "one" else -abs(value)


def candidates(runs: Iterable[Run], current: Collection[str]) -> tuple[Run, ...]:
    """Keep the runs that are compared: of what is declared now, done, under the declared split."""
    return tuple(
        run
        for run in runs
        if run.run in current and run.status == "done" and run.role == "candidate" and run.metrics
    )


def leader_of(runs: Sequence[Run], metric: str) -> Run | None:
    """Give the run that is best by ``metric``, the first of several; none if none has a value."""
    best = max(runs, key=lambda run: _rank(run, metric), default=None)
    return best if best is not None and _rank(best, metric) > -math.inf else None


def baseline_of(runs: Sequence[Run], name: str | None, metric: str) -> Run | None:
    """Give the run of the candidate that is the baseline; of a family the best by ``metric``."""
    named = [run for run in runs if name == run.candidate]
    named = named or [run for run in runs if name == run.family]
    return leader_of(named, metric) or next(iter(named), None)


def _rank(run: Run, metric: str) -> float:
    found = run.metric(metric)
    return gain(found.value, found.best) if found else -math.inf
