"""The look of charts, as vl-convert draws them."""

from __future__ import annotations

import re

import pandas as pd
import vl_convert

import analysis
from analysis import alt

FRAME = pd.DataFrame(
    {"band": ["x", "y"], "rate": [0.2, 0.4], "low": [0.1, 0.3], "high": [0.3, 0.5]}
)


def _svg(chart: alt.TopLevelMixin) -> str:
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def test_importing_alt_puts_on_the_look() -> None:
    assert alt.theme.active == "analysis"
    svg = _svg(alt.Chart(FRAME).mark_bar().encode(x="band", y="rate"))
    assert analysis.palette.ACCENT in svg


def test_a_chart_fits_the_text_column_with_axes_and_legend() -> None:
    chart = alt.Chart(FRAME).mark_bar().encode(x="band", y="rate", color="band")
    width = re.search(r'width="([\d.]+)"', _svg(chart))
    assert width
    assert float(width.group(1)) == 640


def test_dots_lie_on_the_lines_of_their_intervals() -> None:
    upright = analysis.dots(alt.Chart(FRAME).encode(x="band"), alt.Y("rate:Q").title("Late"))
    flat = analysis.dots(alt.Chart(FRAME).encode(y="band"), alt.X("rate:Q").title("Late"))
    for chart in (upright, flat):
        svg = _svg(chart)
        assert svg.count('aria-roledescription="rule mark"') == 2
        assert svg.count('aria-roledescription="circle"') == 2
        assert len(re.findall(r">Late<", svg)) == 1
