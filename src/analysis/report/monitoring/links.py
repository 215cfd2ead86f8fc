"""Where the pages of monitored models lie, seen from the page that runs."""

from __future__ import annotations

from analysis.report.data.links import generated_address
from analysis.report.html import Html, link


def monitor_link(model: str, content: object | None = None) -> Html:
    """Link to the page that says how a model does in production."""
    return link(generated_address(f"monitor.{model}"), content or model)
