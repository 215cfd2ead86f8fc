"""The example whose relations the tests here change, and how they read what is told of them."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.lineage.relations import Relation, read_relations
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder

LAST = "2026-01-05,west,0\n"
CSV = (
    "day,shop,customers\n2026-01-01,north,3\n2026-01-02,south,\n"
    f"2026-01-03,,5\n2026-01-04,north,3\n{LAST}"
)
BUSY = "select day, shop, customers from raw.visits where customers > 2\n"


def relations(folder: Folder) -> Mapping[str, Relation]:
    """Ingest, and read what is told of the relations; not of that which holds the views' texts."""
    ingest(folder.project)
    found = read_relations(folder.project)
    return {name: relation for name, relation in found.items() if name != "meta.relations"}


def changed_columns(before: Relation, after: Relation) -> set[str]:
    """Name the columns that are new, gone or of other content."""
    return {name for name, _ in before.columns.items() ^ after.columns.items()}
