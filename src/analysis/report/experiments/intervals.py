"""A value with its interval, as words and as a dot on a line, on a scale that rows share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.report.experiments.words import digits_for
from analysis.report.formats import MISSING, number
from analysis.report.html import Html, join, tag

WIDTH, HEIGHT = 76, 11  # pixels of the small drawing
_MIDDLE = HEIGHT / 2
_EDGE = 4  # room for the dot at either end
# Outer fences of Tukey (Exploratory Data Analysis, 1977): what lies beyond stretches no scale.
_FENCE = 3.0


@dataclass(frozen=True)
class Scale:
    """What lies between the ends of the drawings, and how many digits values have."""

    low: float
    high: float
    digits: int

    def place(self, value: float) -> float:
        """Give the place of a value in pixels, at most an end."""
        span = self.high - self.low or 1.0
        share = min(max((value - self.low) / span, 0.0), 1.0)
        return round(_EDGE + share * (WIDTH - 2 * _EDGE), 1)

    def write(self, value: float | None, *, sign: bool = False) -> str:
        """Write a value."""
        return MISSING if value is None else number(value, self.digits, sign=sign)

    def said(self) -> str:
        """Say from where to where the scale goes."""
        return f"{self.write(self.low)} to {self.write(self.high)}"


@dataclass(frozen=True)
class Estimate:
    """A value with its interval; either may be unknown."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def width(self) -> float | None:
        """Say how wide the interval is."""
        return None if self.low is None or self.high is None else self.high - self.low


def scale_of(estimates: Iterable[Estimate]) -> Scale:
    """Choose the scale on which most of the estimates can be seen."""
    known = [e for e in estimates if e.value is not None]
    ends = [x for e in known for x in (e.low, e.value, e.high) if x is not None]
    digits = digits_for(estimate.width for estimate in known)
    if not ends:
        return Scale(0.0, 1.0, digits)
    low, high = _fences(sorted(e.value for e in known if e.value is not None))
    inside = [x for x in ends if low <= x <= high] or ends
    return Scale(min(inside), max(inside), digits)


def _fences(values: Sequence[float]) -> tuple[float, float]:
    first, third = values[len(values) // 4], values[(3 * len(values)) // 4]
    reach = _FENCE * (third - first)
    if not reach:
        return -math.inf, math.inf
    return first - reach, third + reach


def written(estimate: Estimate, scale: Scale, *, sign: bool = False) -> Html:
    """Write the value, and its interval in small below; ``sign`` shows a plus."""
    if estimate.value is None:
        return Html(MISSING)
    return join([tag("b", scale.write(estimate.value, sign=sign)), _ends(estimate, scale, sign)])


def drawn(estimate: Estimate, scale: Scale, mark: float | None = None) -> Html:
    """Write a value with its interval, and draw it; ``mark`` is a value to compare with."""
    if estimate.value is None:
        return Html(MISSING)
    value = tag("b", scale.write(estimate.value))
    return join([value, " ", _drawing(estimate, scale, mark), _ends(estimate, scale, False)])


def styled(table: Html) -> Html:
    """Give a table the style that values with intervals need."""
    return tag("div", tag("style", Html(_STYLE)), table, class_="analysis-intervals")


# The drawings are many, so what they have in common is said once.
_STYLE = f"""
.analysis-intervals b {{ font-weight: 600; }}
.analysis-intervals td small {{ display: block; opacity: .8; white-space: nowrap; }}
.analysis-intervals td svg {{
  width: {WIDTH}px; height: {HEIGHT}px; max-width: none; vertical-align: -1px;
  stroke: currentColor; fill: currentColor;
}}
.analysis-intervals .i {{ stroke-width: 2; opacity: .55; }}
.analysis-intervals .m {{ opacity: .35; }}
"""


def _ends(estimate: Estimate, scale: Scale, sign: bool) -> Html | None:
    if estimate.low is None or estimate.high is None:
        return None
    ends = (scale.write(end, sign=sign) for end in (estimate.low, estimate.high))
    return tag("small", " to ".join(ends))


def _drawing(estimate: Estimate, scale: Scale, mark: float | None) -> Html:
    assert estimate.value is not None
    parts = []
    if mark is not None and scale.low <= mark <= scale.high:
        parts.append(f'<path class="m" d="M{scale.place(mark)} 0v{HEIGHT}"/>')
    if estimate.low is not None and estimate.high is not None:
        low, high = scale.place(estimate.low), scale.place(estimate.high)
        parts.append(f'<path class="i" d="M{low} {_MIDDLE}H{high}"/>')
    place = scale.place(estimate.value)
    if scale.low <= estimate.value <= scale.high:
        parts.append(f'<circle cx="{place}" cy="{_MIDDLE}" r="2.5"/>')
    else:  # an arrow: it lies beyond the end
        step = 3 if estimate.value > scale.high else -3
        parts.append(f'<path d="M{place - step} 2.5v6l{step + 1} -3z"/>')
    return tag("svg", Html("".join(parts)), aria_hidden="true")
