"""Whether a number is what one had to expect, and whether it is better or worse than that."""

from __future__ import annotations

from enum import StrEnum

from analysis.monitoring.stored.record import Measurement
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import BEST, PERFORMANCE


class Verdict(StrEnum):
    """What a number says next to its reference; chance counts as ``same``."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    SAME = "same"
    UNKNOWN = "unknown"


def verdict(shown: Measurement | None) -> Verdict:
    """Compare a number with its reference: only what its interval leaves out is different."""
    if shown is None or shown.value is None or shown.low is None or shown.high is None:
        return Verdict.UNKNOWN
    target = expected(shown)
    if target is None:
        return Verdict.UNKNOWN
    if shown.low <= target <= shown.high:
        return Verdict.SAME
    return _direction(BEST.get(shown.metric), shown.value, target)


def expected(shown: Measurement) -> float | None:
    """Give what a number would be in a world like that of the training."""
    if shown.reference is not None:
        return shown.reference
    return {"one": 1.0, "zero": 0.0}.get(BEST.get(shown.metric, ""))


def _direction(best: str | None, value: float, target: float) -> Verdict:
    if best is None:
        return Verdict.OTHER
    if best in ("one", "zero"):
        at = 1.0 if best == "one" else 0.0
        return Verdict.WORSE if abs(value - at) > abs(target - at) else Verdict.BETTER
    return Verdict.BETTER if (value > target) == (best == "high") else Verdict.WORSE


def worse_in(told: ToldMonitor, period: str) -> tuple[Measurement, ...] | None:
    """Give what was worse in a period than in training; ``None`` where no label tells."""
    names = (*PERFORMANCE, "observed_expected")
    found = [n for name in names if (n := told.at(period, name)) is not None]
    judged = [number for number in found if verdict(number) is not Verdict.UNKNOWN]
    if not judged:
        return None
    return tuple(number for number in judged if verdict(number) is Verdict.WORSE)
