"""Altair in the look of the site. Documents write plain Altair: ``from analysis import alt``."""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.report import palette

__all__ = ["alt", "dots", "palette", "theme"]

WIDTH = 640  # pixels; a page's text column is 700 wide
HEIGHT = 300
# Faces of one width on all systems: the place of labels was measured before the page is seen.
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


@alt.theme.register("analysis", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Give the theme: few lines, readable text, the site's colours, one width."""
    return alt.theme.ThemeConfig(config=_config())


def dots(
    chart: alt.Chart, value: alt.X | alt.Y, low: str = "low", high: str = "high"
) -> alt.LayerChart:
    """Draw each value as a dot on the line of its interval.

    Parameters
    ----------
    chart
        Data, and all encodings but the one of ``value``: ``alt.Chart(frame).encode(x="age")``.
    value
        The position of the dots: ``alt.Y("rate:Q").title("Late")``; `alt.X` lays them flat.
    low, high
        The columns with the ends of the intervals.
    """
    channel = "x" if isinstance(value, alt.X) else "y"
    start = value.copy()
    start["shorthand"] = f"{low}:Q"
    line = chart.mark_rule(strokeWidth=2).encode(**{channel: start, f"{channel}2": f"{high}:Q"})
    layers: alt.LayerChart = line + chart.mark_circle().encode(**{channel: value})
    return layers


def _config() -> Any:
    text = {
        "labelColor": palette.MUTED,
        "labelFontSize": 13,
        "titleColor": palette.INK,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    }
    axis = {
        **text,
        "domain": False,
        "gridColor": palette.GRID,
        "labelFlush": False,
        "labelPadding": 6,
        "ticks": False,
        "titlePadding": 10,
    }
    return {
        "autosize": {"type": "fit", "contains": "padding"},
        "axis": axis,
        "axisX": {"grid": False, "labelAngle": 0},
        "background": "transparent",
        "bar": {"color": palette.ACCENT},
        "circle": {"color": palette.ACCENT, "opacity": 1, "size": 60},
        "font": FONT,
        "header": {**text, "labelFontSize": 14, "title": None},
        "legend": {**text, "labelLimit": 0, "orient": "top", "symbolSize": 90},
        "line": {"color": palette.ACCENT, "strokeWidth": 2.5},
        "point": {"color": palette.ACCENT, "filled": True, "opacity": 1, "size": 60},
        "range": {
            "category": list(palette.CATEGORIES),
            "diverging": list(palette.DIVERGING),
            "heatmap": list(palette.SEQUENCE),
            "ordinal": list(palette.SEQUENCE),
            "ramp": list(palette.SEQUENCE),
        },
        "rect": {"color": palette.ACCENT},
        "rule": {"color": palette.ACCENT},
        "scale": {"barBandPaddingInner": 0.2, "rectBandPaddingInner": 0.04},
        "text": {"color": palette.INK, "fontSize": 13},
        "tick": {"color": palette.ACCENT},
        "title": {"anchor": "start", "color": palette.INK, "fontSize": 15},
        "view": {
            "continuousHeight": HEIGHT,
            "continuousWidth": WIDTH,
            "discreteHeight": HEIGHT,
            "discreteWidth": WIDTH,
            "stroke": None,
        },
    }
