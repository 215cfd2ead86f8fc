"""The columns of a relation: what each means, how complete it is, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from analysis.report.data.layout import WIDE, badge, html_table, wide
from analysis.report.data.links import relation_link
from analysis.report.data.read import rows
from analysis.report.data.values import small_values, value_range
from analysis.report.formats import MISSING, number, percent
from analysis.report.html import Html, join, tag, text
from analysis.report.palette import CATEGORIES

if TYPE_CHECKING:
    import great_tables

_PERSONAL = CATEGORIES[3]
_COLUMNS = """
select
  c.name, c.type, c.unit, c.pii, c.description,
  p.rows, p.missing, p."distinct", p.minimum, p.maximum, p.examples, p.histogram, p.below,
  p.above, p.frequencies, p.sampled
from meta.columns c
left join meta.profiles p on p.relation = c.schema || '.' || c.relation and p."column" = c.name
where c.schema || '.' || c.relation = $relation
order by c.position
"""
_ORIGINS = """
select "column", source, source_column from meta.origins
where relation = $relation order by all
"""


def column_table(relation: str) -> great_tables.GT:
    """Show the columns of a relation that is profiled, with its values in small.

    Of columns that tell of people only numbers of rows are shown.
    """
    found = rows(_COLUMNS, relation=relation)
    return html_table(
        [_described(column) for column in found],
        {
            "column": "Column",
            "description": "Description",
            "missing": "Missing",
            "distinct": "Distinct",
            "range": "Range",
            "values": "Values",
        },
        numbers=["missing", "distinct"],
    )


def _described(column: SimpleNamespace) -> dict[str, Any]:
    counted: dict[str, Any] = {"missing": MISSING, "distinct": MISSING}
    if column.rows is not None:
        about = "" if column.sampled is None else "about "
        counted = {
            "missing": _share(column.missing, column.rows),
            "distinct": about + number(column.distinct),
            "range": value_range(column, column.type),
            "values": small_values(column, column.type),
        }
    return {"column": _name(column), "description": wide(column.description), **counted}


def view_column_table(relation: str) -> great_tables.GT:
    """Show the columns of a view, with the columns of sources that each comes from."""
    origins: dict[str, dict[str, list[str]]] = {}
    for origin in rows(_ORIGINS, relation=relation):
        sources = origins.setdefault(origin.column, {})
        sources.setdefault(origin.source, []).append(origin.source_column)
    return html_table(
        [
            {
                "column": _name(column),
                "description": wide(column.description),
                "origin": _origin(origins.get(column.name, {})),
            }
            for column in rows(_COLUMNS, relation=relation)
        ],
        {"column": "Column", "description": "Description", "origin": "Comes from"},
    )


_MOST = 12
_WHOLE = "white-space:nowrap"


def _origin(sources: Mapping[str, list[str]]) -> Html:
    """Name the columns by source; many of them are shown on request."""
    parts = [
        tag("div", relation_link(source), " ", ", ".join(columns), style=WIDE)
        for source, columns in sources.items()
    ]
    count = sum(len(columns) for columns in sources.values())
    if count <= _MOST:
        return join(parts) or text(MISSING)
    return tag("details", tag("summary", f"{number(count)} columns"), *parts)


def _name(column: SimpleNamespace) -> Html:
    kind = column.type if len(column.type) <= 20 else f"{column.type[:19]}…"
    unit = f", {column.unit}" if column.unit else ""
    personal = badge("personal", _PERSONAL, "This column tells of people.") if column.pii else None
    return join(
        [
            tag("strong", column.name, style=_WHOLE if len(column.name) <= 20 else None),
            " ",
            personal,
            tag("div", tag("small", f"{kind.lower()}{unit}"), style="opacity:.75"),
        ]
    )


def _share(missing: int, rows: int) -> str:
    if not missing:
        return MISSING
    share = missing / rows
    return (
        percent(share)
        if share >= 0.0005
        else f"{number(missing)}\N{NO-BREAK SPACE}row" + ("" if missing == 1 else "s")
    )
