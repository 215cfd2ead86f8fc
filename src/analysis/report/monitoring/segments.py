"""Parts of the rows in which a model does otherwise than on the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.monitoring.stored.record import Measurement
from analysis.report.experiments.words import plural
from analysis.report.formats import number
from analysis.report.html import Html, code, join, tag
from analysis.report.monitoring.drawing import sparkline
from analysis.report.monitoring.layout import number_table
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import (
    SEGMENT,
    coverage_said,
    metric_label,
    of_label,
    with_interval,
    written,
)

_MOST = 12
# By these a part is judged: whether it is right on the whole, else how far off it is.
_BY = ("observed_expected", "bias", "accuracy", "mae", "log_loss")
# How notes begin of numbers that are too far off to be chance among all that were looked at, and
# of those that were not looked at, as labels are few.
_STANDS_OUT = "stands out"
_FEW = "less than"


@dataclass(frozen=True)
class Part:
    """A part of the rows, and what all rows of the same period have.

    ``stands_out``: by more than chance explains, corrected for how many parts were looked at.
    """

    shown: Measurement
    whole: float | None

    @property
    def stands_out(self) -> bool:
        """Say whether it was found to."""
        return (self.shown.note or "").startswith(_STANDS_OUT)

    @property
    def distance(self) -> float:
        """Give how far it is from the whole, in halves of its interval; without one it is near."""
        shown = self.shown
        if None in (shown.value, shown.low, shown.high, self.whole):
            return 0.0
        half = ((shown.high or 0.0) - (shown.low or 0.0)) / 2
        return abs((shown.value or 0.0) - (self.whole or 0.0)) / half if half > 0 else 0.0


def segment_table(name: str) -> Html:
    """List the parts that lie farthest from the whole, in the last period that has labels."""
    told = monitored(name)
    metric = next((m for m in _BY if _latest(told, m)), None)
    if metric is None:
        return tag("p", _NONE)
    found = _latest(told, metric)
    parts = ranked(told, found)
    if not parts:
        few = f"In {found[0].period} none of {plural(len(found), 'part')} has labels enough."
        return tag("p", few)
    labels = {
        "part": "Part",
        "value": metric_label(metric),
        "whole": "All rows",
        "reference": "In training",
        "rows": "Rests on",
        "line": "By period",
    }
    table = number_table([_row(told, part) for part in parts[:_MOST]], labels)
    return with_queries(told, [metric], join([tag("p", _said(parts)), table]))


_NONE = (
    "No part of the rows is told of: there are no labels yet, or no segment is declared for this "
    "model in data/monitors.yml."
)


def ranked(told: ToldMonitor, numbers: Sequence[Measurement]) -> tuple[Part, ...]:
    """Order the parts with labels enough: those that stand out first, then the farthest off."""
    parts = [
        Part(n, whole.value if (whole := told.at(n.period, n.metric)) else None)
        for n in numbers
        if n.low is not None and n.high is not None and not (n.note or "").startswith(_FEW)
    ]
    return tuple(sorted(parts, key=lambda part: (not part.stands_out, -part.distance)))


def _said(parts: Sequence[Part]) -> str:
    out = sum(part.stands_out for part in parts)
    looked = f"In {parts[0].shown.period} {plural(len(parts), 'part')} had labels enough"
    if not out:
        return (
            f"{looked}. None stands out from the whole: among so many, differences as large as "
            "these come by chance. The farthest off first."
        )
    stand = "one stands out" if out == 1 else f"{out} stand out"
    return f"{looked}; {stand} from the whole by more than chance explains, even among so many."


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


def _row(told: ToldMonitor, part: Part) -> dict[str, Any]:
    shown = part.shown
    return {
        "part": join(
            [
                code(of_label(shown.of)),
                f" {shown.part or '(none)'}",
                tag("small", shown.note) if part.stands_out else None,
            ]
        ),
        "value": with_interval(shown),
        "whole": written(shown.metric, part.whole),
        "reference": written(shown.metric, shown.reference),
        "rows": join([f"{number(shown.rows)} rows", tag("small", coverage_said(shown))]),
        "line": sparkline(told.known(shown.metric, shown.of, shown.part)),
    }
