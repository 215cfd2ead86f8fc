"""The panels of the chart of curves: each a kind of curve, of several candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.report.experiments.frames import frame_of
from analysis.report.palette import MUTED

if TYPE_CHECKING:
    import pandas as pd

CALIBRATION = "calibration"
_TITLES = {"roc": "ROC", "precision_recall": "Precision and recall", CALIBRATION: "Calibration"}
_AXES = {
    "roc": ("False positive rate", "True positive rate"),
    "precision_recall": ("Recall", "Precision"),
    CALIBRATION: ("Predicted", "Observed"),
}
_DIGITS = 4  # more cannot be seen, and would make the page heavier


@dataclass(frozen=True)
class Panel:
    """What the panels have in common: the side in pixels, and how candidates look.

    ``pick`` is the choice by the legend; one panel declares it, in a layer that has the colours.
    """

    side: int
    colour: Any
    opacity: Any
    pick: Any = None


def panel(frame: pd.DataFrame, kind: str, look: Panel, of: str = "") -> Any:
    """Draw one kind of curve; the thin line is chance, or what a perfect model would show."""
    across, up = _AXES[kind]
    title = f"{_TITLES[kind]}{of}"
    if kind == CALIBRATION:
        return _sized(_calibration(frame, look, across, up), look, title)
    lines = _lines(frame, look, across, up)
    return _sized(_diagonal(0, 1) + lines if kind == "roc" else lines, look, title)


def deviation(frame: pd.DataFrame, look: Panel) -> Any:
    """Draw calibration from near by: how much more was observed than predicted."""
    from analysis.report.charts import alt

    near = frame.assign(**{end: frame[end] - frame["x"] for end in ("y", "low", "high")})
    zero = alt.Chart(frame_of([{"y": 0}])).mark_rule(strokeDash=[4, 4], color=MUTED, size=1)
    drawn = zero.encode(y="y:Q") + _dots(near, look, "Predicted", "Observed less predicted")
    return _sized(drawn, look, "Calibration: the difference")


def _lines(frame: pd.DataFrame, look: Panel, across: str, up: str) -> Any:
    from analysis.report.charts import alt

    ends = alt.Scale(domain=[0, 1])
    lines = (
        alt.Chart(frame[["candidate", "x", "y"]].round(_DIGITS))
        .mark_line(strokeWidth=1.8, clip=True, aria=False)
        .encode(
            x=_x(across).scale(ends),
            y=_y(up).scale(ends),
            order="x:Q",
            color=look.colour,
            opacity=look.opacity,
            tooltip=_tooltip(),
        )
    )
    return lines.add_params(look.pick) if look.pick else lines


def _calibration(frame: pd.DataFrame, look: Panel, across: str, up: str) -> Any:
    import numpy as np

    values = frame[["x", "y", "low", "high"]].to_numpy(float)
    return _diagonal(np.nanmin(values), np.nanmax(values)) + _dots(frame, look, across, up)


def _dots(frame: pd.DataFrame, look: Panel, across: str, up: str) -> Any:
    from analysis.report.charts import alt

    columns = ["candidate", "x", "y", "low", "high", "n"]
    base = alt.Chart(frame[columns].round(_DIGITS)).encode(
        x=_x(across), color=look.colour, opacity=look.opacity
    )
    shown = [
        alt.Tooltip("candidate:N", title="Candidate"),
        alt.Tooltip("x:Q", title="Predicted", format=".3"),
        alt.Tooltip("y:Q", title=up, format=".3"),
        alt.Tooltip("low:Q", title="From", format=".3"),
        alt.Tooltip("high:Q", title="To", format=".3"),
        alt.Tooltip("n:Q", title="Rows", format=","),
    ]
    lines = base.mark_line(strokeWidth=1.2, aria=False).encode(y=_y(up), order="x:Q")
    return (
        base.mark_rule(size=1, aria=False).encode(y=_y(up, "low"), y2="high:Q")
        + (lines.add_params(look.pick) if look.pick else lines)
        + base.mark_circle(size=28, aria=False).encode(y=_y(up), tooltip=shown)
    )


def _diagonal(low: float, high: float) -> Any:
    from analysis.report.charts import alt

    ends = frame_of([{"x": float(low)}, {"x": float(high)}])
    line = alt.Chart(ends).mark_line(strokeDash=[4, 4], color=MUTED, strokeWidth=1)
    return line.encode(x="x:Q", y="x:Q")


def _tooltip() -> Any:
    from analysis.report.charts import alt

    return [alt.Tooltip("candidate:N", title="Candidate")]


def _x(title: str) -> Any:
    from analysis.report.charts import alt

    return alt.X("x:Q").title(title).axis(tickCount=5)


def _y(title: str, column: str = "y") -> Any:
    from analysis.report.charts import alt

    return alt.Y(f"{column}:Q").title(title).axis(tickCount=5).scale(zero=False)


def _sized(chart: Any, look: Panel, title: str) -> Any:
    return chart.properties(
        width=look.side, height=look.side, title={"text": title, "fontSize": 13}
    )
