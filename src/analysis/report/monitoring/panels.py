"""Panels of numbers by period, with intervals, and what they are compared with as a dashed line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.monitoring.stored.record import Measurement
from analysis.report.experiments.frames import frame_of
from analysis.report.monitoring.judging import expected
from analysis.report.monitoring.words import coverage_said, metric_label, written
from analysis.report.palette import MUTED

WIDTH, HEIGHT = 252, 150
WHOLE = 560  # of a panel that stands alone
MANY = 40  # periods, of which single intervals could not be told apart


@dataclass(frozen=True)
class Panel:
    """A metric by period; ``level`` draws its dashed line elsewhere than at the references."""

    title: str
    series: Sequence[Measurement]
    format: str = ""
    zero: bool = False
    level: float | None = None


def panel_chart(panels: Sequence[Panel], periods: Sequence[str]) -> Any:
    """Draw panels beside and below each other, all with the same periods."""
    from analysis.report.charts import alt

    width = WHOLE if len(panels) == 1 else WIDTH
    return alt.concat(*(_panel(one, periods, width) for one in panels), columns=2, spacing=24)


def _panel(panel: Panel, periods: Sequence[str], width: int) -> Any:
    from analysis.report.charts import alt

    base = alt.Chart(frame_of([_point(n) for n in panel.series])).encode(x=across(periods))
    y = alt.Y("y:Q").title(None).scale(zero=panel.zero)
    y = y.axis(alt.Axis(tickCount=5, format=panel.format or alt.Undefined))
    many = len(panel.series) > MANY
    layers = base.mark_line(strokeWidth=1.2, aria=False).encode(y=y)
    if any(number.low is not None for number in panel.series):
        interval = base.mark_area(opacity=0.25) if many else base.mark_rule(strokeWidth=2)
        ends = {"y": alt.Y("low:Q").scale(zero=panel.zero), "y2": "high:Q"}
        layers = interval.encode(**ends) + layers
    dots = base.mark_circle(size=16 if many else 45, aria=False)
    layers += dots.encode(y=y, tooltip=_tooltip())
    if (line := _reference(panel, periods)) is not None:
        layers = line + layers
    return layers.properties(width=width, height=HEIGHT, title=panel.title)


def across(periods: Sequence[str]) -> Any:
    """Give the axis of the periods, with as many labels as have room."""
    from analysis.report.charts import alt

    axis = alt.Axis(labelOverlap="greedy", labelSeparation=8, labelFontSize=12)
    return alt.X("period:O").title(None).scale(domain=list(periods)).axis(axis)


def _reference(panel: Panel, periods: Sequence[str]) -> Any:
    from analysis.report.charts import alt

    levels = {
        n.period: panel.level if panel.level is not None else expected(n) for n in panel.series
    }
    known = [{"period": p, "y": level} for p, level in levels.items() if level is not None]
    if not known:
        return None
    dashed: dict[str, Any] = {"strokeDash": [5, 4], "color": MUTED, "strokeWidth": 1.2}
    same = len({f"{one['y']:.9g}" for one in known}) == 1
    base = alt.Chart(frame_of(known[:1] if same else known))
    y = alt.Y("y:Q").scale(zero=panel.zero)
    if same:
        return base.mark_rule(**dashed).encode(y=y)
    return base.mark_line(**dashed, interpolate="step").encode(x=across(periods), y=y)


def _point(shown: Measurement) -> dict[str, Any]:
    reference = expected(shown)
    return {
        "period": shown.period,
        "y": shown.value,
        "low": shown.low,
        "high": shown.high,
        "told": written(shown.metric, shown.value),
        "ends": f"{written(shown.metric, shown.low)} to {written(shown.metric, shown.high)}",
        "reference": written(shown.metric, reference),
        "on": f"{shown.rows:,} rows, {coverage_said(shown)}",
    }


def _tooltip() -> Any:
    from analysis.report.charts import alt

    return [
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("told:N", title="Value"),
        alt.Tooltip("ends:N", title="Interval of 95 %"),
        alt.Tooltip("reference:N", title="Compared with"),
        alt.Tooltip("on:N", title="Rests on"),
    ]


def panel_of(series: Sequence[Measurement], title: str | None = None, **look: Any) -> Panel:
    """Make the panel of a metric, its axis written as its numbers are."""
    metric = series[0].metric
    is_share = written(metric, 0.5).endswith("%")
    return Panel(title or metric_label(metric), series, "~%" if is_share else "", **look)
