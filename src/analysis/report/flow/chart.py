"""The data-flow chart of the project around the page that runs."""

from __future__ import annotations

from analysis.report.flow.draw import draw
from analysis.report.flow.project import read_flow
from analysis.report.html import Html


def flow_chart() -> Html:
    """Draw what reads what: sources, views, datasets, experiments, models and pages."""
    return draw(read_flow())
