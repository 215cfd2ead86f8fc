"""Whether predicted numbers come true: by period, and along the scale of the score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.monitoring.stored.record import Measurement
from analysis.report.experiments.frames import frame_of
from analysis.report.experiments.words import plural
from analysis.report.html import Html, tag
from analysis.report.monitoring.panels import Panel, panel_chart, panel_of
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import queries
from analysis.report.monitoring.told import Series, ToldMonitor
from analysis.report.monitoring.words import SCORE, written
from analysis.report.palette import CATEGORIES, MUTED

_RATIO, _BIAS = "observed_expected", "bias"
_OBSERVED, _EXPECTED = "calibration_observed", "calibration_expected"
_LATEST = 3  # periods of which a curve is drawn
_SIDE = 340
TRAINING = "training"


def level(told: ToldMonitor) -> Series:
    """Give whether predictions are right on the whole: a ratio by period, or the mean error."""
    return told.known(_RATIO) or told.known(_BIAS)


def calibration_said(name: str) -> Html:
    """Say in which periods more, or less, came true than was predicted."""
    told = monitored(name)
    known = level(told)
    if not known:
        return tag("p", _NOTHING)
    off = [n for n in known if is_off(n)]
    if not off:
        return tag("p", _RIGHT)
    said = [sentence(side, [n for n in off if _side(n) == side]) for side in ("more", "less")]
    return tag("p", " ".join(filter(None, said)))


_NOTHING = (
    "Whether predictions are right on the whole cannot be told: there are no labels yet, or the "
    "model chooses among several classes."
)
_RIGHT = "In no period did what came true differ from what was predicted by more than chance."


def is_off(shown: Measurement) -> bool:
    """Say whether the interval leaves out what is right, whatever it was in training."""
    if shown.low is None or shown.high is None:
        return False
    return not shown.low <= _right(shown) <= shown.high


def _right(shown: Measurement) -> float:
    return 0.0 if shown.metric == _BIAS else 1.0


def _side(shown: Measurement) -> str:
    """Say whether more or less came true than was predicted."""
    value = shown.value or 0.0
    return "more" if (value < 0 if shown.metric == _BIAS else value > 1) else "less"


def sentence(side: str, numbers: Sequence[Measurement]) -> str:
    """Name periods in which ``more`` or ``less`` came true, and the farthest off of them."""
    if not numbers:
        return ""
    right = _right(numbers[0])
    far = max(numbers, key=lambda n: abs((n.value or right) - right))
    if len(numbers) == 1:
        return f"In {far.period} {_amount(far)}, {side} than chance explains."
    where = ", ".join(n.period for n in numbers[-_NAMED:])
    left = len(numbers) - _NAMED
    before = f"{plural(left, 'earlier period')} and in " if left > 0 else ""
    return (
        f"In {before}{where} {side} came true than was predicted; in {far.period} {_amount(far)}."
    )


_NAMED = 6  # periods; the others are counted


def _amount(shown: Measurement) -> str:
    if shown.metric == _BIAS:
        high = "high" if (shown.value or 0.0) > 0 else "low"
        return (
            f"predictions were too {high} by {written(_BIAS, abs(shown.value or 0.0))} on average"
        )
    return f"{written(_RATIO, shown.value)} times what was predicted came true"


def calibration_chart(name: str) -> Any:
    """Draw by period how much came true for each that was predicted; slope and intercept, too."""
    told = monitored(name)
    series = level(told)
    if not series:
        return tag("p", "There is no calibration to draw yet.")
    panels = [panel_of(series)]
    panels += [
        Panel(title, found, level=right)
        for metric, title, right in _MORE
        if (found := told.known(metric))
    ]
    return panel_chart(panels, told.periods)


_MORE = (
    ("calibration_slope", "Slope (1 is right)", 1.0),
    ("calibration_intercept", "Intercept (0 is right)", 0.0),
)


def calibration_curve(name: str) -> Any:
    """Draw what came true against what was predicted, of the latest periods and of the training."""
    told = monitored(name)
    periods = [n.period for n in told.known(_RATIO)][-_LATEST:]
    points = [p for period in periods for p in _points(told, period)]
    if not points:
        return tag("p", "There is no curve of calibration: labels are missing or few.")
    latest = told.known(_RATIO)[-1].period
    return _draw(_training(told, latest) + points)


def calibration_queries(name: str) -> Html:
    """Show the queries behind the charts of calibration, folded."""
    told = monitored(name)
    return queries(told, (_RATIO, "calibration_slope", "calibration_intercept", _OBSERVED))


def _points(told: ToldMonitor, period: str) -> list[dict[str, Any]]:
    found = []
    for part in told.parts(_OBSERVED, SCORE):
        observed = told.at(period, _OBSERVED, SCORE, part)
        expected = told.at(period, _EXPECTED, SCORE, part)
        if observed and expected:
            found.append(
                {
                    "curve": period,
                    "x": expected.value,
                    "y": observed.value,
                    "low": observed.low,
                    "high": observed.high,
                    "n": f"{observed.labelled:,}",
                }
            )
    return found


def _training(told: ToldMonitor, period: str) -> list[dict[str, Any]]:
    found = []
    for part in told.parts(_OBSERVED, SCORE):
        observed = told.at(period, _OBSERVED, SCORE, part)
        expected = told.at(period, _EXPECTED, SCORE, part)
        if observed and expected and observed.reference is not None:
            x = expected.reference if expected.reference is not None else expected.value
            found.append(
                {"curve": TRAINING, "x": x, "y": observed.reference, "n": "of the training"}
            )
    return found


def _draw(points: list[dict[str, Any]]) -> Any:
    from analysis.report.charts import alt

    names = list(dict.fromkeys(point["curve"] for point in points))
    colours = [MUTED if name == TRAINING else next_colour for name, next_colour in _coloured(names)]
    colour = alt.Color("curve:N").scale(domain=names, range=colours)
    colour = colour.legend(alt.Legend(title=None, symbolType="stroke"))
    base = alt.Chart(frame_of(points)).encode(
        x=alt.X("x:Q").title("Predicted").axis(tickCount=6), color=colour
    )
    y = alt.Y("y:Q").title("Came true")
    top = max(max(p["x"], p["y"], p.get("high") or 0) for p in points)
    low = min(min(p["x"], p["y"], 0) for p in points)
    ends = alt.Chart(frame_of([{"x": low}, {"x": float(top)}]))
    right = ends.mark_line(strokeDash=[4, 4], color=MUTED, strokeWidth=1).encode(x="x:Q", y="x:Q")
    rules = base.mark_rule(size=1.2, aria=False).encode(y=alt.Y("low:Q"), y2="high:Q")
    lines = base.mark_line(strokeWidth=1.6, aria=False).encode(y=y, order="x:Q")
    dots = base.mark_circle(size=36, aria=False).encode(
        y=y,
        tooltip=[
            alt.Tooltip("curve:N", title="Period"),
            alt.Tooltip("x:Q", title="Predicted", format=".3"),
            alt.Tooltip("y:Q", title="Came true", format=".3"),
            alt.Tooltip("low:Q", title="From", format=".3"),
            alt.Tooltip("high:Q", title="To", format=".3"),
            alt.Tooltip("n:N", title="Rows with labels"),
        ],
    )
    layers: Any = right + rules + lines + dots
    return layers.properties(width=_SIDE + 120, height=_SIDE)


def _coloured(names: list[str]) -> list[tuple[str, str]]:
    others = [name for name in names if name != TRAINING]
    colours = dict(zip(others, reversed(CATEGORIES[: len(others)]), strict=False))
    return [(name, colours.get(name, MUTED)) for name in names]
