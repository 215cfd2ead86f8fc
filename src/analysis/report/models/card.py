"""The model card as a part of a page."""

from __future__ import annotations

import re

from analysis.report.html import Markdown
from analysis.report.models.read import card_text

_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)


def model_card(name: str) -> Markdown:
    """Show the card under the heading that the page has for it, without its own title."""
    body = re.sub(r"\A# .*\n+", "", card_text(name))
    return Markdown(_HEADING.sub(lambda found: f"#{found[1]} {found[2]} {{.unlisted}}", body))
