"""Tables of numbers with what belongs to each in small below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.report.data.layout import html_table
from analysis.report.html import Html, tag


def whole(content: object) -> Html:
    """Write something into a cell that is not broken over lines."""
    return tag("span", content, style="white-space:nowrap")


def number_table(
    rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str], numbers: Sequence[str] = ()
) -> Html:
    """Show rows as a table, in which what is ``small`` lies below the number."""
    table = html_table(rows, labels, numbers)
    return tag("div", tag("style", _STYLE), Html(table.as_raw_html()), class_="analysis-numbers")


_STYLE = Html("""
.analysis-numbers td { vertical-align: top !important; }
.analysis-numbers td b { font-weight: 600; }
.analysis-numbers td small { display: block; opacity: .8; }
""")
