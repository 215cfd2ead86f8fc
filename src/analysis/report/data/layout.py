"""Tables whose cells are HTML, and lists of what is known of a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.report.formats import MISSING
from analysis.report.html import Html, join, prose, tag, text
from analysis.report.tables import table

if TYPE_CHECKING:
    import great_tables


def html_table(
    rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str], numbers: Sequence[str] = ()
) -> great_tables.GT:
    """Show rows as a table; each value is escaped, unless it is a piece of HTML."""
    import pandas as pd

    content = {key: [str(text(row.get(key))) for row in rows] for key in labels}
    frame = pd.DataFrame(content, columns=list(labels), dtype=object)
    # The columns here are headings of ours, whatever they are called.
    shown = table(frame, labels, formats=dict.fromkeys(labels, str), pii=True)
    words = [key for key in labels if key not in numbers]
    shown = shown.cols_align("left", columns=words)
    # Quarto's own processing of tables would lose the small charts.
    return shown.tab_options(quarto_disable_processing=True, table_width="100%")


# On a phone the table scrolls rather than break its sentences after each word.
WIDE = "min-width:13em"


def wide(sentence: object) -> Html:
    """Write a sentence into a cell that leaves it room."""
    return tag("div", prose(sentence), style=WIDE) if sentence else text(MISSING)


def facts(known: Mapping[str, object]) -> Html:
    """List what is known of a thing, and nothing that is not."""
    items = [
        join([tag("dt", name, style=_TERM), tag("dd", value, style="margin:0;min-width:0")])
        for name, value in known.items()
        if value not in (None, "")
    ]
    return tag("dl", join(items), style=_GRID)


_GRID = (
    "display:grid;grid-template-columns:minmax(6rem,max-content) minmax(0,1fr);"
    "gap:.35rem 1.25rem;margin:0 0 1.25rem;overflow-wrap:anywhere"
)
_TERM = "margin:0;font-weight:400;opacity:.75"


def listing(items: Sequence[object], nothing: str) -> Html:
    """List things, or say that there are none."""
    if not items:
        return tag("p", nothing)
    return tag("ul", *(tag("li", item) for item in items))


def badge(label: str, colour: str, title: str | None = None) -> Html:
    """Mark something with a word in a small box."""
    return tag("span", label, title=title, style=_BADGE.format(colour=colour))


_BADGE = (
    "display:inline-block;padding:0 .4em;border:1px solid {colour};border-radius:3px;"
    "font-size:.8em;white-space:nowrap"
)
