"""A tiny project that can be in two states, for runs that are killed or meet each other."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.projects import QUARTO_YML, write_project

SOURCES = """\
sources:
  visits:
    description: Visits to a shop
    kind: csv
    path: data/raw/visits.csv
    columns:
      shop: VARCHAR
      customers: INTEGER
"""
PAGE = "---\ntitle: {title}\n---\n\n{text}\n\n```{{python}}\n{code}\n```\n"
# Plain duckdb, because a run first imports all that its pages name.
QUERY = """\
import duckdb
con = duckdb.connect("data/warehouse.duckdb", read_only=True)
print(con.execute("from features.totals").fetchall())"""


def write_state(root: Path, state: int) -> Path:
    """Write the sources as they are in ``state``: data, a text, and a page that comes and goes."""
    write_project(
        root,
        {
            "_quarto.yml": QUARTO_YML,
            "data/sources.yml": SOURCES,
            "data/raw/visits.csv": f"shop,customers\nnorth,{state}\nsouth,4\n",
            "data/sql/features/totals.sql": "select sum(customers) as total from raw.visits\n",
            "index.qmd": f"---\ntitle: Home\n---\n\nState {state}.\n",
            "query.qmd": PAGE.format(title="Query", text="Totals", code=QUERY),
            "text.qmd": PAGE.format(title="Text", text=f"State {state}", code="print('text')"),
        },
    )
    extra = root / "extra.qmd"
    if state % 2:
        extra.write_text(PAGE.format(title="Extra", text="Sometimes here", code="print('extra')"))
    else:
        extra.unlink(missing_ok=True)
    return root
