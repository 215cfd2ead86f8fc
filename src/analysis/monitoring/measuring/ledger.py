"""The ledger: what was estimated without labels, and what came true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.monitoring.measuring.intervals import ESTIMATED
from analysis.monitoring.stored.record import Measurement


@dataclass(frozen=True)
class Entry:
    """An estimate, with the value that came true, which is ``None`` as long as nothing did.

    ``inside`` says whether it was in the interval of the estimate; ``covered`` is the share of rows
    that have a label.
    """

    estimate: Measurement
    came_true: Measurement | None
    covered: float
    inside: bool | None


def ledger(measurements: Iterable[Measurement]) -> tuple[Entry, ...]:
    """Put each estimate beside what came true, in their order."""
    known = {
        (one.version, one.arm, one.begin, one.metric): one
        for one in measurements
        if not one.of and one.value is not None
    }
    return tuple(
        _entry(one, known.get((version, arm, begin, name.removeprefix(ESTIMATED))))
        for (version, arm, begin, name), one in known.items()
        if name.startswith(ESTIMATED)
    )


def _entry(estimate: Measurement, true: Measurement | None) -> Entry:
    covered = estimate.labelled / estimate.rows if estimate.rows else 0.0
    if true is None or true.value is None or estimate.low is None or estimate.high is None:
        return Entry(estimate, true, covered, None)
    return Entry(estimate, true, covered, estimate.low <= true.value <= estimate.high)
