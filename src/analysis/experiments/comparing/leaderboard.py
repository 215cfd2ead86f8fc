"""Runs of an experiment in the order in which a reader looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.experiments.comparing.order import candidates, gain
from analysis.experiments.runs.record import Best, Comparison, Run, Summary

# How a run stands to another one; ``unknown``: it was not compared, or there is no interval.
Standing = Literal["best", "close", "better", "worse", "other", "unknown"]


@dataclass(frozen=True)
class Place:
    """A run in the leaderboard, and how far it is from the best by the metric that decides."""

    run: Run
    gap: Comparison | None
    standing: Standing


def leaderboard(runs: Iterable[Run], summary: Summary) -> tuple[Place, ...]:
    """Put the candidates that are compared in order, the best first."""
    gaps = {gap.run: gap for gap in comparisons(summary, "best", summary.metric)}
    ranked = sorted(candidates(runs, summary.current), key=lambda run: _rank(run, summary))
    return tuple(
        Place(run, gaps.get(run.run), standing(gaps.get(run.run), summary.best))
        if run.run != summary.leader
        else Place(run, None, "best")
        for run in ranked
    )


def failures(runs: Iterable[Run], summary: Summary) -> tuple[Run, ...]:
    """Give the runs that failed, of what is declared."""
    wanted = summary.current
    return tuple(run for run in runs if run.status == "failed" and run.run in wanted)


def outdated(runs: Iterable[Run], summary: Summary) -> tuple[Run, ...]:
    """Give the runs that are of something which is no longer declared."""
    wanted = summary.current
    return tuple(run for run in runs if run.run not in wanted)


def comparisons(summary: Summary, against: str, metric: str) -> tuple[Comparison, ...]:
    """Give the differences from one run, on one metric."""
    return tuple(
        gap for gap in summary.comparisons if gap.against == against and gap.metric == metric
    )


def standing(gap: Comparison | None, best: Best) -> Standing:
    """Say in a word how a run stands to the other; ``other`` where no value is the better one."""
    if gap is None or gap.difference is None or gap.low is None:
        return "unknown"
    if not gap.distinguishable:
        return "close"
    if best not in ("high", "low"):
        return "other"
    return "better" if (gap.difference > 0) == (best == "high") else "worse"


def _rank(run: Run, summary: Summary) -> tuple[bool, float, str]:
    found = run.metric(summary.metric)
    value = gain(found.value, found.best) if found else float("-inf")
    return run.run != summary.leader, -value, run.candidate


def best_of(runs: Sequence[Run], metric: str) -> Best:
    """Say where a metric is best, as the runs tell."""
    return next((found.best for run in runs if (found := run.metric(metric))), "high")
