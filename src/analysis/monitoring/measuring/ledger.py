"""The ledger: what was estimated without labels, and what came true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.monitoring.stored.record import ESTIMATED, Measurement


@dataclass(frozen=True)
class Entry:
    """An estimate, with the value that came true, which is ``None`` as long as nothing did."""

    estimate: Measurement
    came_true: Measurement | None

    @property
    def covered(self) -> float:
        """Give the share of rows that have a label."""
        return self.estimate.labelled / self.estimate.rows if self.estimate.rows else 0.0

    @property
    def inside(self) -> bool | None:
        """Say whether what came true lies in the interval of the estimate, if both are known."""
        true, low, high = self.came_true, self.estimate.low, self.estimate.high
        if true is None or true.value is None or low is None or high is None:
            return None
        return low <= true.value <= high


def ledger(measurements: Iterable[Measurement]) -> tuple[Entry, ...]:
    """Put each estimate beside what came true, in their order."""
    known = {
        (one.version, one.arm, one.begin, one.metric): one
        for one in measurements
        if not one.of and one.value is not None
    }
    return tuple(
        Entry(one, known.get((version, arm, begin, name.removeprefix(ESTIMATED))))
        for (version, arm, begin, name), one in known.items()
        if name.startswith(ESTIMATED)
    )
