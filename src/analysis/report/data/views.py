"""The feature registry: all views in short, and one view at length."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from analysis.report.data.layout import badge, facts, html_table, wide
from analysis.report.data.links import relation_link
from analysis.report.data.read import one, rows
from analysis.report.formats import MISSING, number
from analysis.report.html import Html, Markdown, code, join, prose, tag, text
from analysis.report.palette import ACCENT

if TYPE_CHECKING:
    import great_tables

_ALL = """
select
  r.*,
  (select list(reads order by reads) from meta.reads where relation = r.name) as reads,
  (select count(*) from meta.columns c where c.schema = r.schema and c.relation = r.relation)
    as columns
from meta.relations r where kind = 'view'
order by r.schema, r.name
"""


def view_table(schema: str | None = None) -> great_tables.GT:
    """List the views, of one schema or of all, with the key and what they read."""
    found = [
        {
            "name": _named(view),
            "description": wide(_first(view.description)),
            "key": join([code(part) for part in view.key or []], ", ") or MISSING,
            "available_at": code(view.available_at) if view.available_at else MISSING,
            "reads": join([tag("div", relation_link(name)) for name in view.reads or []]),
        }
        for view in rows(_ALL)
        if schema in (None, view.schema)
    ]
    labels = {
        "name": "View",
        "description": "Description",
        "key": "Key",
        "available_at": "Known at",
        "reads": "Reads",
    }
    # A column in which nothing stands only takes room.
    empty = {key for key in ("key", "available_at") if all(row[key] == MISSING for row in found)}
    return html_table(found, {key: label for key, label in labels.items() if key not in empty})


def _named(view: SimpleNamespace) -> Html:
    stored = tag("div", badge("stored", ACCENT, "Its rows are computed at ingest."))
    return join([relation_link(view.name), stored if view.materialized else None])


def _first(description: str | None) -> str | None:
    """Give the first sentence."""
    if not description:
        return None
    flat = " ".join(description.split())
    return flat.partition(". ")[0].rstrip(".") + "."


def about_view(name: str) -> Html:
    """Say what a view is: its key, when its values are known, what it reads."""
    view = one(f"select * from ({_ALL}) where name = $name", f"view `{name}`", name=name)
    reads = join([relation_link(read) for read in view.reads or []], ", ")
    return join(
        [
            tag("p", prose(view.description)) if view.description else None,
            facts(_facts(view, reads)),
        ]
    )


def _facts(view: SimpleNamespace, reads: Html) -> dict[str, Any]:
    return {
        "Key": join([code(part) for part in view.key or []], ", "),
        "Known at": text(view.available_at) and code(view.available_at),
        "Target": text(view.target) and code(view.target),
        "Rows": None if view.rows is None else number(view.rows),
        "Columns": number(view.columns),
        "Stored": "yes, as a table that is built at ingest" if view.materialized else None,
        "Owner": view.owner,
        "Reads": reads,
        "File": code(view.path),
    }


def view_sql(name: str) -> Markdown:
    """Show the SQL of a view, folded."""
    view = one("select sql from meta.relations where name = $name", f"view `{name}`", name=name)
    longest = max((len(run) for run in re.findall(r"`+", view.sql)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown(
        '::: {.callout-note collapse="true" appearance="minimal"}\n## SQL\n\n'
        f"{fence}sql\n{view.sql.strip()}\n{fence}\n:::\n"
    )
