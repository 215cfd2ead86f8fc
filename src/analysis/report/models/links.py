"""Where the pages of models lie, seen from the page that runs."""

from __future__ import annotations

from analysis.report.data.links import generated_address
from analysis.report.html import Html, link


def model_link(model: str) -> Html:
    """Link to the page of a model."""
    return link(generated_address(f"model.{model}"), model)
