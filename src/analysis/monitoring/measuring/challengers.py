"""Challengers against the champion, on the days on which both predicted."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from analysis.monitoring.estimating.arms import Compared, compare
from analysis.monitoring.measuring.asked import Slice
from analysis.monitoring.measuring.counted import Group, together
from analysis.monitoring.measuring.periods import finish_of
from analysis.monitoring.measuring.production import Production
from analysis.monitoring.metrics.scope import SHADOW

CHALLENGER = "challenger"
_FEW = "less than five days on which both have labels: no interval"


@dataclass(frozen=True)
class Contest:
    """A comparison as of the end of a period, from the first day of the challenger on."""

    slice: Slice
    compared: Compared
    rows: int
    labelled: int
    note: str


def contests(production: Production, metrics: Container[str]) -> Iterator[Contest]:
    """Compare each challenger with all that answered beside it, as of the end of each period.

    ``metrics`` are those that are told of the model.
    """
    for group in production.groups:
        if group.arm not in (CHALLENGER, SHADOW):
            continue
        champion = together(
            [g for g in production.answered if g.arm != CHALLENGER and g.version != group.version],
            None,
            None,
        )
        if champion is None:
            continue
        for begin in production.begins[group.version, group.arm]:
            finish = finish_of(begin, production.monitor.period)
            found = _as_of(champion, group, begin, finish)
            yield from (one for one in found if one.compared.metric in metrics)


def _as_of(champion: Group, group: Group, begin: date, finish: date) -> Iterator[Contest]:
    both = set(champion.dates)
    dates = [day for day in group.dates if day < finish and day in both]
    if not dates:
        return
    challenger = group.on(dates)
    rows, labelled = (int(challenger.sums[name].sum()) for name in ("rows", "labelled"))
    for one in compare(champion.on(dates), challenger):
        told = f"from {dates[0]} on; holds however often one looks"
        note = _FEW if one.low is None else told
        yield Contest(Slice(group.version, group.arm, begin), one, rows, labelled, note)
