"""Parts of the rows in which a model does worse than on the whole."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from analysis.monitoring.stored.record import Measurement
from analysis.report.experiments.words import plural
from analysis.report.formats import number
from analysis.report.html import Html, code, join, tag
from analysis.report.monitoring.drawing import sparkline
from analysis.report.monitoring.judging import expected
from analysis.report.monitoring.layout import number_table
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import (
    SEGMENT,
    coverage_said,
    ends,
    metric_label,
    of_label,
    written,
)

_MOST = 12
# By these a part is judged: whether it is right on the whole, else how far off it is.
_BY = ("observed_expected", "bias", "accuracy", "mae", "log_loss")


@dataclass(frozen=True)
class Part:
    """A part of the rows; ``distance`` is from the reference, in standard errors.

    ``stands_out``: it would even if all parts that were looked at were only chance (Bonferroni).
    """

    shown: Measurement
    distance: float
    stands_out: bool


def segment_table(name: str) -> Html:
    """List the parts that lie farthest from what one had to expect, in the last labelled period."""
    told = monitored(name)
    metric = next((m for m in _BY if _latest(told, m)), None)
    if metric is None:
        return tag("p", _NONE)
    numbers = _latest(told, metric)
    parts = judged(numbers)
    if not parts:
        return tag("p", f"Of {plural(len(numbers), 'part')} none has labels enough to be judged.")
    out = sum(part.stands_out for part in parts)
    shown = parts[:_MOST]
    labels = {
        "part": "Part",
        "value": metric_label(metric),
        "expected": "Expected",
        "rows": "Rests on",
        "line": "By period",
    }
    table = number_table([_row(told, part) for part in shown], labels)
    return with_queries(
        told,
        [metric],
        join([tag("p", _said(parts, out)), table]),
    )


_NONE = (
    "No part of the rows is told of: there are no labels yet, or no segment is declared for this "
    "model in data/monitors.yml."
)


def _said(parts: tuple[Part, ...], out: int) -> str:
    period = parts[0].shown.period
    looked = f"In {period} {plural(len(parts), 'part')} had labels enough"
    if not out:
        return (
            f"{looked}. None stands out: among so many, differences as large as these come by "
            "chance."
        )
    stand = "one stands out" if out == 1 else f"{out} stand out"
    return (
        f"{looked}; {stand} by more than chance explains, even among so many. The farthest first."
    )


def _latest(told: ToldMonitor, metric: str) -> list[Measurement]:
    """Give the numbers of all parts in the last period that has any."""
    found = [
        n
        for of in told.fields(metric)
        if of.startswith(SEGMENT)
        for part in told.parts(metric, of)
        if (n := told.latest(metric, of, part))
    ]
    last = max((n.begin for n in found), default=None)
    return [n for n in found if n.begin == last]


def judged(numbers: list[Measurement]) -> tuple[Part, ...]:
    """Judge parts together, those that are farthest off first."""
    known = [(n, d) for n in numbers if (d := _distance(n)) is not None]
    if not known:
        return ()
    limit = NormalDist().inv_cdf(1 - 0.05 / (2 * len(known)))
    parts = [Part(n, distance, distance > limit) for n, distance in known]
    return tuple(sorted(parts, key=lambda part: -part.distance))


def _distance(shown: Measurement) -> float | None:
    target = expected(shown)
    if target is None or shown.value is None or shown.low is None or shown.high is None:
        return None
    # The side of the interval that faces the reference; such intervals need not be even.
    side = shown.value - shown.low if target < shown.value else shown.high - shown.value
    gap = abs(shown.value - target)
    if side <= 0:
        return None
    return gap / side * NormalDist().inv_cdf(0.975)


def _row(told: ToldMonitor, part: Part) -> dict[str, Any]:
    shown = part.shown
    mark = tag("small", "stands out") if part.stands_out else None
    interval = ends(shown)
    return {
        "part": join([code(of_label(shown.of)), f" {shown.part}", mark]),
        "value": join([tag("b", written(shown.metric, shown.value)), tag("small", interval)]),
        "expected": written(shown.metric, expected(shown)),
        "rows": join([f"{number(shown.rows)} rows", tag("small", coverage_said(shown))]),
        "line": sparkline(told.known(shown.metric, shown.of, shown.part)),
    }
