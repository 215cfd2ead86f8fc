"""From rules and numbers to alerts: what opens, goes on and is over."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from analysis.files import digest
from analysis.monitoring.alerts.events import Event, events_of
from analysis.monitoring.alerts.record import Alert, Key
from analysis.monitoring.alerts.series import Series, series_of, timeline
from analysis.monitoring.alerts.wording import place_of, sentence
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.stored.record import Measurement

_NO_RULE = "the rule is no longer declared"
_CORRECTED = "its values were corrected since"
_SHORT = 6
_RECENT = 2


@dataclass(frozen=True)
class Judged:
    """What became of one thing that a rule looks at; ``alert`` is the id of the open one.

    ``place`` is what people call it; it is empty if that is all rows.
    """

    series: Series
    place: str
    alert: str | None


@dataclass(frozen=True)
class Evaluated:
    """The alerts of a model, the oldest first, and how each rule stands."""

    alerts: tuple[Alert, ...]
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Looked:
    """A thing that a rule looks at, what people call it, and when the rule fired."""

    series: Series
    place: str
    events: tuple[Event, ...]


def evaluate(
    monitor: Monitor,
    measurements: Sequence[Measurement],
    earlier: Sequence[Alert] | None,
    now: datetime,
    numbers: Mapping[str, int] | None = None,
) -> Evaluated:
    """Bring the alerts of a model up to date; ``earlier`` is ``None`` if nobody ever looked.

    ``numbers`` are what people call versions, by their ids.

    Closed alerts stay as they are, and so do ids, moments and what people said of open ones. Of
    events that were over when somebody looked for the first time, or long ago, nobody is told.
    """
    at, periods = written(now), timeline(measurements)
    looked = [
        Looked(series, place_of(series.key, numbers or {}), events_of(series, periods))
        for rule in monitor.rules
        for series in series_of(rule, measurements)
    ]
    left = list(earlier or ())
    made: list[Alert] = []
    for one in looked:
        for event in reversed(one.events):
            found = _matching(event, one.series.key, left, periods)
            if found is not None:
                left.remove(found)
                made.append(_continued(found, event, one, at))
            else:
                taken = {told.alert for told in (*left, *made, *(earlier or ()))}
                new = _opened(monitor.model, event, one, at, taken)
                quiet = event.over and (earlier is None or _is_past(event, periods))
                made.append(replace(new, quiet=quiet))
    rules = {(rule.name, rule.metric) for rule in monitor.rules}
    made.extend(_ended(one, rules, at) for one in left)
    order = {period: place for place, period in enumerate(periods)}
    alerts = sorted(made, key=lambda one: (order.get(one.period, -1), one.opened, one.alert))
    return Evaluated(tuple(alerts), tuple(_judged(one, alerts) for one in looked))


def written(moment: datetime) -> str:
    """Write a moment as alerts keep it: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _matching(
    event: Event, key: Key, alerts: Iterable[Alert], periods: Sequence[str]
) -> Alert | None:
    """Find the alert of this event: its values, and so its first period, may have changed since.

    What is closed does not go on: then a new alert opens.
    """
    place = {period: at for at, period in enumerate(periods)}
    first, last = place[event.first.found.period], place[event.last.found.period]
    found = [
        one
        for one in alerts
        if one.key == key
        and place.get(one.period, last + 1) <= max(first, last)
        and place.get(one.last_period, -1) >= min(first, last)
        and (event.over or one.state != "closed")
    ]
    found.sort(key=lambda one: (one.state == "closed", one.period != event.first.found.period))
    return found[0] if found else None


def _is_past(event: Event, periods: Sequence[str]) -> bool:
    """Say whether it was over long ago: a rule is new, say, and looks at what was before it."""
    return event.last.found.period not in periods[-_RECENT:]


def _opened(model: str, event: Event, one: Looked, at: str, taken: Iterable[str]) -> Alert:
    rule, key, last = one.series.rule, one.series.key, event.last
    new = Alert(
        alert=_id(model, key, event.first.found.period, set(taken)),
        model=model,
        **key.__dict__,
        severity=rule.severity,
        who=rule.who,
        because=rule.why,
        state="open",
        what=sentence(rule, one.place, last),
        period=event.first.found.period,
        last_period=last.found.period,
        value=_finite(last.found.value),
        limit=last.limit or 0.0,
        opened=at,
    )
    return _closed(new, at, event.note) if event.over else new


def _continued(alert: Alert, event: Event, one: Looked, at: str) -> Alert:
    if alert.state == "closed":
        return alert
    rule, last = one.series.rule, event.last
    now = replace(
        alert,
        severity=rule.severity,
        who=rule.who,
        because=rule.why,
        what=sentence(rule, one.place, last),
        last_period=last.found.period,
        value=_finite(last.found.value),
        limit=last.limit or 0.0,
    )
    return _closed(now, at, event.note) if event.over else now


def _ended(alert: Alert, rules: set[tuple[str, str]], at: str) -> Alert:
    """Close an open alert whose event is no more."""
    if alert.state == "closed":
        return alert
    declared = (alert.rule, alert.metric) in rules
    return _closed(alert, at, _CORRECTED if declared else _NO_RULE)


def _closed(alert: Alert, at: str, note: str | None) -> Alert:
    return replace(alert, state="closed", closed=at, note=note)


def _judged(one: Looked, alerts: Sequence[Alert]) -> Judged:
    key = one.series.key
    found = [alert.alert for alert in alerts if alert.key == key and alert.state != "closed"]
    return Judged(one.series, one.place, found[-1] if found else None)


def _id(model: str, key: Key, period: str, taken: set[str]) -> str:
    """Make a short id that follows from what the alert is about."""
    again = 0
    while True:
        told = [model, *(str(one) for one in key.__dict__.values()), period, str(again)]
        if (name := digest("\n".join(told).encode())[:_SHORT]) not in taken:
            return name
        again += 1


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
