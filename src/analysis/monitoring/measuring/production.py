"""All rows of production by day: each version and arm, and all that was answered together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.estimating.daily import Daily
from analysis.monitoring.measuring.asked import Slice
from analysis.monitoring.measuring.counted import Group, together
from analysis.monitoring.measuring.periods import begin_of, finish_of
from analysis.monitoring.metrics.scope import SHADOW


@dataclass(frozen=True)
class Production:
    """Groups of rows, and by version those that it was trained on."""

    monitor: Monitor
    groups: tuple[Group, ...]
    training: Mapping[str, Group]

    @cached_property
    def answered(self) -> tuple[Group, ...]:
        """Give the groups whose predictions were answers, which those of shadows are not."""
        return tuple(group for group in self.groups if group.arm != SHADOW)

    @cached_property
    def whole(self) -> Group | None:
        """Give all that was answered."""
        return together(self.answered, None, None)

    @cached_property
    def begins(self) -> Mapping[tuple[str | None, str | None], tuple[date, ...]]:
        """Give by version and arm the first days of the periods in which there are rows."""
        period = self.monitor.period
        return {
            (group.version, group.arm): tuple(
                sorted({begin_of(day, period) for day in group.dates})
            )
            for group in self.groups
        }

    @cached_property
    def leading(self) -> Mapping[date, str]:
        """Give by first day of a period the version that answered most rows of it."""
        counts: dict[date, dict[str, float]] = {}
        for group in self.answered:
            for day, rows in zip(group.dates, group.daily.sums["rows"], strict=True):
                of = counts.setdefault(begin_of(day, self.monitor.period), {})
                of[str(group.version)] = of.get(str(group.version), 0.0) + float(rows)
        return {begin: max(sorted(of), key=lambda v: of[v]) for begin, of in counts.items()}

    def reference_version(self, piece: Slice) -> str | None:
        """Name the version whose training a slice is compared with."""
        return piece.version or self.leading.get(piece.begin)

    def days(self, begin: date) -> int:
        """Count the days of a period."""
        return (finish_of(begin, self.monitor.period) - begin).days

    def slices(self) -> Iterator[tuple[Slice, Daily]]:
        """Give the sums by day of each slice, the whole last."""
        for group in (*self.groups, *([self.whole] if self.whole else [])):
            begins = {begin_of(day, self.monitor.period) for day in group.dates}
            for begin in sorted(begins):
                finish = finish_of(begin, self.monitor.period)
                yield Slice(group.version, group.arm, begin), group.between(begin, finish)
