"""A notice before what a page says: what a reader must know first."""

from __future__ import annotations

from analysis.report.html import Html, tag


def notice(colour: str, title: str, said: object) -> Html:
    """Say something in short, and then at length."""
    return tag(
        "div",
        tag("strong", title),
        tag("div", said),
        role="note",
        style=f"border-left:4px solid {colour};padding:.2em 0 .2em 1em;margin:0 0 1.2em;"
        "overflow-wrap:anywhere",
    )
