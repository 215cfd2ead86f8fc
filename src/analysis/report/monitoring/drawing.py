"""Small charts of a number by period, in SVG: they lie in tables and beside alerts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analysis.monitoring.stored.record import Measurement
from analysis.report.html import Html, tag, text
from analysis.report.monitoring.judging import expected
from analysis.report.monitoring.words import metric_label, written
from analysis.report.palette import WARM

_EDGE = 5  # room for dots
_FEW = 40  # periods that have room for a dot and an interval each


def sparkline(series: Sequence[Measurement], width: int = 110, height: int = 26) -> Html:
    """Draw a line through the known values, with the last one as a dot."""
    return _drawing(series, width, height, marked=[n.period for n in series[-1:]])


def small_chart(
    series: Sequence[Measurement], limit: float | None, marked: Collection[str]
) -> Html:
    """Draw values with their intervals; dashed is the limit, and ``marked`` periods stand out."""
    known = [number for number in series if number.value is not None]
    if not known:
        return Html("")
    chart = _drawing(known, 300, 84, limit=limit, marked=marked, intervals=True)
    first, last = known[0].period, known[-1].period
    span = tag("span", first), tag("span", last if last != first else None)
    return tag("div", chart, tag("div", *span, style=_BELOW), style="max-width:300px")


_BELOW = "display:flex;justify-content:space-between;font-size:.8em;opacity:.8"


def _drawing(
    series: Sequence[Measurement],
    width: int,
    height: int,
    *,
    limit: float | None = None,
    marked: Collection[str] = (),
    intervals: bool = False,
) -> Html:
    known = [number for number in series if number.value is not None]
    if not known:
        return Html("")
    place = _Places(known, width, height, limit, intervals)
    parts = [_level(place, expected(known[-1]), ".35"), _level(place, limit, "1", WARM)]
    few = intervals and len(known) <= _FEW
    parts += [_interval(place, i, number) for i, number in enumerate(known) if few]
    points = " ".join(f"{place.x(i)},{place.y(n.value)}" for i, n in enumerate(known))
    parts.append(f'<polyline points="{points}" fill="none" stroke-width="1.5" opacity=".8"/>')
    for i, number in enumerate(known):
        if number.period in marked or few:
            parts.append(_dot(place, i, number, number.period in marked))
    return tag(
        "svg",
        Html("".join(parts)),
        viewBox=f"0 0 {width} {height}",
        style=f"width:{width}px;max-width:100%;height:auto;stroke:currentColor;fill:currentColor",
        role="img",
        aria_label=_said(known),
    )


class _Places:
    """Where values lie in a drawing."""

    def __init__(
        self,
        known: Sequence[Measurement],
        width: int,
        height: int,
        limit: float | None,
        intervals: bool,
    ) -> None:
        values = [number.value for number in known] + [limit, expected(known[-1])]
        if intervals:
            values += [end for number in known for end in (number.low, number.high)]
        ends = [value for value in values if value is not None]
        self.low, self.high = min(ends), max(ends)
        self.width, self.height = width, height
        self._step = (width - 2 * _EDGE) / max(len(known) - 1, 1)

    def x(self, at: int) -> float:
        """Give the place of a period from the left."""
        return round(_EDGE + at * self._step, 1)

    def y(self, value: float | None) -> float:
        """Give the place of a value from the top."""
        span = self.high - self.low
        share = ((value or 0.0) - self.low) / span if span else 0.5
        return round(self.height - _EDGE - share * (self.height - 2 * _EDGE), 1)


def _level(place: _Places, value: float | None, opacity: str, colour: str | None = None) -> str:
    if value is None:
        return ""
    stroke = f' stroke="{colour}"' if colour else ""
    return (
        f'<path d="M0 {place.y(value)}H{place.width}" stroke-dasharray="4 3"{stroke} '
        f'opacity="{opacity}"/>'
    )


def _interval(place: _Places, at: int, number: Measurement) -> str:
    if number.low is None or number.high is None:
        return ""
    low, high = place.y(number.low), place.y(number.high)
    return f'<path d="M{place.x(at)} {low}V{high}" stroke-width="2" opacity=".35"/>'


def _dot(place: _Places, at: int, number: Measurement, stands_out: bool) -> str:
    look = f'r="3.5" fill="{WARM}" stroke="{WARM}"' if stands_out and place.height > 40 else 'r="2"'
    name = f"{number.period}: {written(number.metric, number.value)}"
    return f'<circle cx="{place.x(at)}" cy="{place.y(number.value)}" {look}>{_title(name)}</circle>'


def _title(name: str) -> Html:
    return tag("title", text(name))


def _said(known: Sequence[Measurement]) -> str:
    first, last = known[0], known[-1]
    begin = f"{metric_label(first.metric)}: {written(first.metric, first.value)} in {first.period}"
    if first is last:
        return begin
    return f"{begin}, {written(last.metric, last.value)} in {last.period}"
