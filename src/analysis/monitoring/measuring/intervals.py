"""Intervals of the metrics of all rows, and of estimates without labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from analysis.monitoring.estimating.blocks import TOO_FEW, enough
from analysis.monitoring.estimating.daily import Daily
from analysis.monitoring.estimating.performance import Interval, intervals
from analysis.monitoring.estimating.unlabelled import estimate_intervals
from analysis.monitoring.measuring.asked import Slice
from analysis.monitoring.measuring.extras import Extra, Extras, Key
from analysis.monitoring.measuring.production import Production
from analysis.monitoring.stored.record import ESTIMATED

_T = TypeVar("_T")


def performance(production: Production, metrics: tuple[str, ...]) -> Extras:
    """Give the intervals of what came true; ``metrics`` are told that days are too few."""
    for piece, daily, found in _once(production, lambda piece, daily: intervals(daily)):
        few = daily.sums["labelled"].any() and not enough(daily.labelled.days)
        if few:
            yield from ((Key(piece, name), Extra(note=TOO_FEW)) for name in metrics)
        yield from ((Key(piece, name), _ends(ends)) for name, ends in found.items())


def estimated(production: Production) -> Extras:
    """Give the intervals in which performance is to be expected, of rows with probabilities."""

    def asked(piece: Slice, daily: Daily) -> tuple[dict[str, Interval], str | None]:
        if daily.scores is None or not daily.scores.rows.any():
            return {}, None
        training = production.training.get(production.reference_version(piece) or "")
        found, note = estimate_intervals(
            daily.scores,
            training.daily.scores if training else None,
            production.monitor.threshold,
            production.days(piece.begin),
        )
        return dict(found), note

    for piece, _, (found, note) in _once(production, asked):
        for name, (low, high) in found.items():
            yield Key(piece, f"{ESTIMATED}{name}"), Extra(low, high, note=note)


def _ends(ends: Interval) -> Extra:
    return Extra(*ends)


def _once(
    production: Production, ask: Callable[[Slice, Daily], _T]
) -> Iterator[tuple[Slice, Daily, _T]]:
    """Ask of each slice; what all rows of a period say if one group answered them is known."""
    found: dict[Slice, _T] = {}
    for piece, daily in production.slices():
        same = [
            Slice(group.version, group.arm, piece.begin)
            for group in production.answered
            if piece.begin in production.begins[group.version, group.arm]
        ]
        alone = piece.version is None and len(same) == 1
        found[piece] = found[same[0]] if alone else ask(piece, daily)
        yield piece, daily, found[piece]
