"""The same candidate under several splits: how much one that is too easy flatters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from analysis.experiments.comparing.order import candidates
from analysis.experiments.runs.record import Comparison, Run, Summary


@dataclass(frozen=True)
class Honest:
    """A candidate under a split, by the metric that decides.

    ``declared``: it is the split of the experiment. Elsewhere ``difference`` is the value less the
    one under the declared split, with its interval.
    """

    candidate: str
    run: str
    split: str
    kind: str
    declared: bool
    value: float | None
    low: float | None
    high: float | None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None


def other_splits(runs: Sequence[Run], current: Collection[str]) -> Iterator[tuple[Run, list[Run]]]:
    """Give each candidate that was tried under other splits, with its runs under those."""
    for own in candidates(runs, current):
        others = [
            run
            for run in runs
            if run.role == "honesty"
            and run.status == "done"
            and run.run in current
            and run.candidate == own.candidate
        ]
        if others:
            yield own, others


def honesty(runs: Sequence[Run], summary: Summary) -> tuple[Honest, ...]:
    """Give the rows of the panel: each candidate under the declared split, then under others."""
    gaps = {
        gap.run: gap
        for gap in summary.comparisons
        if gap.against == "split" and gap.metric == summary.metric
    }
    return tuple(
        _row(run, summary.metric, gaps.get(run.run))
        for own, others in other_splits(runs, summary.current)
        for run in (own, *others)
    )


def _row(run: Run, name: str, gap: Comparison | None) -> Honest:
    metric = run.metric(name)
    return Honest(
        candidate=run.candidate,
        run=run.run,
        split=run.split.label,
        kind=run.split.kind,
        declared=run.role == "candidate",
        value=metric.value if metric else None,
        low=metric.low if metric else None,
        high=metric.high if metric else None,
        difference=gap.difference if gap else None,
        difference_low=gap.low if gap else None,
        difference_high=gap.high if gap else None,
    )
