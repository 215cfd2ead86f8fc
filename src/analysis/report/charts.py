"""Altair in the look of the site. Documents write plain Altair: ``from analysis import alt``."""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.report import palette

__all__ = ["alt", "palette", "theme"]

WIDTH = 640  # pixels; a page's text column is 700 wide
HEIGHT = 300
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@alt.theme.register("analysis", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Give the theme: few lines, readable text, the site's colours, one width."""
    return alt.theme.ThemeConfig(config=_config())


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
        "legend": {**text, "orient": "top", "symbolSize": 90, "symbolStrokeWidth": 2},
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
        "scale": {"bandPaddingInner": 0.2},
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
