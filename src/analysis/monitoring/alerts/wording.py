"""What an alert says, in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping

from analysis.monitoring.alerts.record import Key
from analysis.monitoring.alerts.series import Point
from analysis.monitoring.declared.metrics import METRICS
from analysis.monitoring.declared.record import Rule
from analysis.warehouse.monitored import SCORE, SEGMENT

_LARGE = 100


def sentence(rule: Rule, place: str, last: Point) -> str:
    """Say what was beyond which limit, of which ``place``, and when."""
    metric = METRICS[rule.metric].words
    limit, value = last.limit or 0.0, last.found.value
    side = "above" if value is not None and value > limit else "below"
    of = f" of {place}" if place else ""
    return (
        f"{metric[:1].upper()}{metric[1:]}{of} was {figure(value)} in {last.found.period}, "
        f"{side} {figure(limit)}{_unit(rule, side)}"
    )


def place_of(key: Key, numbers: Mapping[str, int]) -> str:
    """Name the field or the part, and the version; nothing if it is all rows.

    ``numbers`` are what people call versions, by their ids.
    """
    of, part = key.of, key.part
    if of.startswith(SEGMENT):
        named = f"{of.removeprefix(SEGMENT)} {part}"
    else:
        named = " ".join(one for one in ("the score" if of == SCORE else of, part) if one)
    version = []
    if key.version is not None:
        version = [f"version {numbers.get(key.version, key.version)}"]
    arm = [f"arm {key.arm}"] if key.arm is not None else []
    return ", ".join(one for one in (named, *version, *arm) if one)


def figure(value: float | None) -> str:
    """Write a number with as many digits as tell."""
    if value is None:
        return "–"  # noqa: RUF001
    if not math.isfinite(value):
        return "infinite"
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.3g}"


def _unit(rule: Rule, side: str) -> str:
    share = rule.below if side == "below" else rule.above
    if rule.against == "value" or share is None:
        return ""
    if rule.against == "floor":
        return f", {share:g} times what chance gives"
    return f", {share:g} times the reference"
