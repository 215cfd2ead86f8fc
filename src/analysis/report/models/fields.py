"""What a model takes: its input schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report.data.layout import html_table
from analysis.report.experiments.links import view_link
from analysis.report.experiments.words import plural
from analysis.report.formats import percent
from analysis.report.html import Html, code, join, prose, tag
from analysis.report.models.read import model
from analysis.report.models.words import plain

if TYPE_CHECKING:
    from analysis.models.bundle.record import Field

_SHOWN = 8  # categories that are named at once


def field_table(name: str) -> Html:
    """List the fields with what they may hold, in aggregates of the rows it was trained on."""
    bundle = model(name).shown.bundle
    rows = [
        {
            "name": _named(field),
            "type": field.type,
            "values": _values(field),
            "missing": _missing(field),
        }
        for field in bundle.fields
    ]
    labels = {
        "name": "Field",
        "type": "Type",
        "values": "In training",
        "missing": "May be missing",
    }
    return Html(html_table(rows, labels).as_raw_html())


def _named(field: Field) -> Html:
    unit = f" ({field.unit})" if field.unit else ""
    below = tag("small", prose(f"{field.description or ''}{unit}"), style=_BELOW)
    of = tag("small", "of ", view_link(field.relation), style=_BELOW)
    return tag("div", code(field.name), below, of, style="min-width:11em")


_BELOW = "display:block;opacity:.8"


def _values(field: Field) -> Html:
    if field.type == "category":
        more = "others are taken too" if field.unseen else "no others"
        return join([_categories(field), tag("small", more, style=_BELOW)])
    if field.type == "boolean":
        return join([f"true in {percent(field.mean)}"])
    middle = field.quantiles[len(field.quantiles) // 2] if field.quantiles else None
    median = None if middle is None else tag("small", f"median {plain(middle)}", style=_BELOW)
    return join([f"{plain(field.low)} to {plain(field.high)}", median])


def _categories(field: Field) -> Html:
    order = sorted(zip(field.shares, field.categories, strict=True), key=lambda one: -one[0])
    named = join((code(text or "(empty)") for _, text in order[:_SHOWN]), ", ")
    more = len(order) - _SHOWN
    return join([named, f" and {plural(more, 'other')}" if more > 0 else None])


def _missing(field: Field) -> Html:
    share = percent(field.nulls) if field.nulls else "none was"
    said = tag("small", f"{share} in training", style=_BELOW)
    return join(["yes" if field.nullable else "no", said])
