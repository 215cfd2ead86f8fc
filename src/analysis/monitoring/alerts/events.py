"""Events: runs of periods in which a rule fires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.monitoring.alerts.series import Point, Series

# A thing that is not measured in so many of the last periods is gone: a version, say, or a carrier.
GONE_AFTER = 3
_GONE = "it is no longer measured"


@dataclass(frozen=True)
class Event:
    """The rule fired in the period of ``first``; ``last`` is the last one beyond the limit."""

    first: Point
    last: Point
    over: bool
    note: str | None = None


def events_of(series: Series, periods: Sequence[str]) -> tuple[Event, ...]:
    """Find the events of a series; ``periods`` are all of the model.

    The rule fires while ``k`` of the last ``n`` periods that count are beyond the limit. Periods
    that do not count neither open an event nor end it.
    """
    k, n = series.rule.k, series.rule.n
    counting = [point for point in series.points if point.counts]
    found: list[Event] = []
    first: Point | None = None
    for place, point in enumerate(counting):
        window = [one for one in counting[max(0, place + 1 - n) : place + 1] if one.beyond]
        if len(window) >= k:
            first = first or point
            last = window[-1]
        elif first is not None:
            found.append(Event(first, last, over=True))
            first = None
    if first is not None:
        gone = _is_gone(series, periods)
        found.append(Event(first, last, over=gone, note=_GONE if gone else None))
    return tuple(found)


def _is_gone(series: Series, periods: Sequence[str]) -> bool:
    measured = {point.found.period for point in series.points}
    recent = periods[-GONE_AFTER:]
    return len(recent) == GONE_AFTER and not measured.intersection(recent)
