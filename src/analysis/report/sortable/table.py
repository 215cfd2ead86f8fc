"""A table in the look of all others, with a script behind it.

Without the script it is whole. With it, headings become buttons that sort, a field filters, and of
a long table the first rows are shown until the reader asks for all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from analysis.report.data.layout import html_table
from analysis.report.html import Html, tag, text

FIRST = 25  # rows of a long table that are shown at once


@dataclass(frozen=True)
class Heading:
    """The heading of a column.

    ``below`` is a line in small under the label. ``first`` is the order of the first click;
    without it the column cannot be sorted.
    """

    label: str
    below: Html | None = None
    first: Literal["ascending", "descending"] | None = "ascending"
    number: bool = False


def keyed(key: float | str | None, content: object) -> Html:
    """Give a cell the value that it is sorted by; what has none is last in either order."""
    return tag("span", content, data_key="" if key is None else key)


def sortable_table(
    rows: Sequence[Mapping[str, Any]],
    headings: Mapping[str, Heading],
    *,
    things: str,
    first: int = FIRST,
) -> Html:
    """Show rows as a table that can be sorted and filtered.

    Parameters
    ----------
    rows
        Values by column; each is escaped, unless it is a piece of HTML.
    headings
        The columns in order.
    things
        What the rows are, in the plural: ``runs``.
    first
        How many rows are shown before the reader asks for all.
    """
    import great_tables as gt

    shown = html_table(
        rows,
        {key: heading.label for key, heading in headings.items()},
        [key for key, heading in headings.items() if heading.number],
    ).cols_label(cases={key: gt.html(_label(heading)) for key, heading in headings.items()})
    return tag(
        "div",
        tag("style", Html(_asset("sortable.css"))),
        # Headings have a scope; to name them in each cell again makes long tables longer.
        Html(re.sub(r' headers="[^"]*"', "", shown.as_raw_html())),
        tag("script", Html(_asset("sortable.js"))),
        class_="analysis-sortable",
        data_things=things,
        data_first=first,
    )


def _label(heading: Heading) -> Html:
    below = tag("small", heading.below) if heading.below else None
    return tag(
        "span",
        tag("span", heading.label, class_="label"),
        text(below),
        data_first=heading.first,
    )


def _asset(name: str) -> str:
    return (files("analysis.report.sortable") / name).read_text(encoding="utf-8").strip()
