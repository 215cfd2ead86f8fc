"""The model card as a part of a page."""

from __future__ import annotations

import re

from analysis.report.html import Markdown
from analysis.report.models.read import card_text

# What the page has in more detail, under headings of its own.
_ELSEWHERE = ("How good it is", "What it takes", "How to call it", "Where it comes from")
_SECTION = re.compile(r"^## (.*)$", re.MULTILINE)


def model_card(name: str) -> Markdown:
    """Show the card under the heading that the page has for it, but for what is on the page."""
    _, *parts = _SECTION.split(card_text(name))
    sections = zip(parts[::2], parts[1::2], strict=True)
    return Markdown(
        "".join(
            f"### {heading} {{.unlisted}}{body}"
            for heading, body in sections
            if heading not in _ELSEWHERE
        )
    )
