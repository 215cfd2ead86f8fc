"""What is told of a monitored model: its numbers by period, and its alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from analysis.monitoring.stored.record import Measurement

Series = tuple[Measurement, ...]


@dataclass(frozen=True)
class ToldAlert:
    """An alert as ``meta.alerts`` has it.

    ``because`` is why its rule is there, ``why`` what somebody said who knows of it, and ``note``
    why it is over if no period says so.
    """

    alert: str
    rule: str
    metric: str
    of: str
    part: str
    version: str | None
    arm: str | None
    severity: str
    who: str | None
    because: str | None
    state: str
    what: str | None
    period: str
    last_period: str | None
    value: float | None
    limit: float | None
    opened: datetime | None
    acknowledged: datetime | None
    closed: datetime | None
    acknowledged_by: str | None
    why: str | None
    note: str | None

    @property
    def is_open(self) -> bool:
        """Say whether it still stands; one that somebody has seen does."""
        return self.closed is None and self.state != "closed"


@dataclass(frozen=True)
class Counted:
    """What was found in the log and among the labels, that is no number of a period."""

    duplicates: int
    late_labels: int
    duplicate_labels: int
    contradicting_labels: int
    unmatched_labels: int


@dataclass(frozen=True)
class ToldMonitor:
    """A model in production, with all that is measured of it in order of time."""

    model: str
    title: str | None
    task: str | None
    period: str
    time: str | None
    begin: date | None
    finish: date | None
    rows: int
    labelled: int
    counted: Counted
    status: str | None
    reason: str | None
    notes: tuple[str, ...]
    numbers: Series
    alerts: tuple[ToldAlert, ...]
    versions: Mapping[str, int]

    @property
    def name(self) -> str:
        """Give what people call it."""
        return self.title or self.model

    def version(self, name: str) -> str:
        """Write a version as people know it, by its number; one that is gone by its name."""
        return f"version {self.versions.get(name, name)}"

    @property
    def open_alerts(self) -> tuple[ToldAlert, ...]:
        """Give the alerts that stand, the gravest first."""
        found = [alert for alert in self.alerts if alert.is_open]
        return tuple(sorted(found, key=lambda alert: alert.severity != "act"))

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """Name all periods that something is told of, in order of time."""
        begins = {number.period: number.begin for number in self.numbers}
        return tuple(sorted(begins, key=lambda period: begins[period]))

    def series(self, metric: str, of: str = "", part: str = "") -> Series:
        """Give a metric by period: of all versions, else of the one with the most rows."""
        return self._series.get((metric, of, part), ())

    def known(self, metric: str, of: str = "", part: str = "") -> Series:
        """Give a metric in the periods in which it is defined."""
        return tuple(n for n in self.series(metric, of, part) if n.value is not None)

    def latest(self, metric: str, of: str = "", part: str = "") -> Measurement | None:
        """Give a metric in the last period in which it is defined."""
        return next(reversed(self.known(metric, of, part)), None)

    def at(self, period: str, metric: str, of: str = "", part: str = "") -> Measurement | None:
        """Give a metric in a period, if it is defined there."""
        return next((n for n in self.known(metric, of, part) if n.period == period), None)

    def fields(self, metric: str) -> tuple[str, ...]:
        """Name the fields or segments of which a metric is told."""
        return tuple(dict.fromkeys(of for name, of, _ in self._series if name == metric and of))

    def parts(self, metric: str, of: str) -> tuple[str, ...]:
        """Name the parts of a field or segment of which a metric is told."""
        return tuple(part for name, field, part in self._series if (name, field) == (metric, of))

    @cached_property
    def _series(self) -> Mapping[tuple[str, str, str], Series]:
        groups: dict[tuple[str, str, str], list[Measurement]] = {}
        for number in self.numbers:
            groups.setdefault((number.metric, number.of, number.part), []).append(number)
        return {key: _one_a_period(group) for key, group in groups.items()}


def _one_a_period(numbers: Iterable[Measurement]) -> Series:
    best: dict[str, Measurement] = {}
    for number in numbers:
        if number.period not in best or _weight(number) > _weight(best[number.period]):
            best[number.period] = number
    return tuple(sorted(best.values(), key=lambda number: number.begin))


def _weight(number: Measurement) -> tuple[bool, bool, bool, int]:
    """Rank rows of a metric in a period: of all, then of what answers, then of the most rows."""
    whole = number.version is None and number.arm is None
    return whole, number.arm is None, number.version is None, number.rows
