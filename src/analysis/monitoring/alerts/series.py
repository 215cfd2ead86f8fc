"""The values that a rule looks at: a series for each thing that it may fire on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.monitoring.alerts.record import Key
from analysis.monitoring.declared.checking import EACH
from analysis.monitoring.declared.metrics import METRICS
from analysis.monitoring.declared.record import Rule
from analysis.monitoring.metrics.scope import SHADOW
from analysis.monitoring.stored.record import Measurement


@dataclass(frozen=True)
class Point:
    """What a rule sees in a period.

    ``limit`` is the one that the value is beyond, or would be next; it is ``None`` if the period
    does not count, and ``missing`` says why.
    """

    found: Measurement
    limit: float | None
    beyond: bool = False
    missing: str | None = None

    @property
    def counts(self) -> bool:
        """Say whether the period counts."""
        return self.missing is None


@dataclass(frozen=True)
class Series:
    """The periods of one thing that a rule looks at, the oldest first."""

    rule: Rule
    key: Key
    points: tuple[Point, ...]


def series_of(rule: Rule, measurements: Iterable[Measurement]) -> tuple[Series, ...]:
    """Give each thing that a rule looks at.

    A number that is of all versions and arms is looked at and not those of each; where there is
    none, as of drift, whose bins are a version's own, those of each are.
    """
    groups: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
    for found in measurements:
        if found.metric == rule.metric and _is_of(rule, found.of) and _answers(found):
            groups[found.of, found.part].append(found)
    made = []
    for (of, part), group in sorted(groups.items()):
        widest = min(map(_narrowness, group))
        parts: dict[tuple[str | None, str | None], list[Measurement]] = defaultdict(list)
        for found in group:
            if _narrowness(found) == widest:
                parts[found.version, found.arm].append(found)
        for (version, arm), some in parts.items():
            key = Key(rule.name, rule.metric, of, part, version, arm)
            ordered = sorted(some, key=lambda found: found.begin)
            made.append(Series(rule, key, tuple(point(rule, found) for found in ordered)))
    return tuple(made)


def point(rule: Rule, found: Measurement) -> Point:
    """Compare a number with the limits of a rule."""
    by_label = METRICS[rule.metric].labels if rule.metric in METRICS else False
    rows = found.labelled if by_label else found.rows
    if found.value is None or math.isnan(found.value):
        return Point(found, None, missing=found.note or "there is no value")
    if rows < rule.least and rule.metric not in ("rows", "requests"):
        told = "rows with a label" if by_label else "rows"
        return Point(found, None, missing=f"{rows:,} {told}, and {rule.least:,} are needed")
    unit = _unit(rule, found)
    if unit is None:
        what = "floor" if rule.against == "floor" else "positive reference"
        return Point(found, None, missing=f"there is no {what} to compare with")
    return _compared(found, _scaled(rule.below, unit), _scaled(rule.above, unit))


def _compared(found: Measurement, below: float | None, above: float | None) -> Point:
    value = found.value or 0.0
    if below is not None and value < below:
        return Point(found, below, beyond=True)
    if above is not None and value > above:
        return Point(found, above, beyond=True)
    limits = [limit for limit in (below, above) if limit is not None]
    return Point(found, min(limits, key=lambda limit: abs(limit - value)))


def _scaled(limit: float | None, unit: float) -> float | None:
    return None if limit is None else limit * unit


def _unit(rule: Rule, found: Measurement) -> float | None:
    if rule.against == "value":
        return 1.0
    if rule.against == "floor":
        return found.floor
    # A share of a negative number would turn `above` and `below` over.
    return found.reference if found.reference and found.reference > 0 else None


def _is_of(rule: Rule, of: str) -> bool:
    return bool(of) if rule.of == EACH else of == rule.of


def _answers(found: Measurement) -> bool:
    """Leave out what is only logged, but where it is compared with what answers."""
    return found.arm != SHADOW or found.metric.startswith("ab_")


def _narrowness(found: Measurement) -> int:
    return (found.version is not None) + (found.arm is not None)


def timeline(measurements: Sequence[Measurement]) -> tuple[str, ...]:
    """Name all periods of which there is a number, the oldest first."""
    begins = {found.period: found.begin for found in measurements}
    return tuple(sorted(begins, key=lambda period: begins[period]))
