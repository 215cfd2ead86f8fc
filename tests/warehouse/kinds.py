"""What the tests of all kinds of sources have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder

COLUMNS = {"day": "DATE", "shop": "VARCHAR", "customers": "INTEGER"}
# The rows of every example, as they are after ingest.
ROWS = [("2026-01-01", "north", 3), ("2026-01-02", "south", None)]


def declare(folder: Folder, columns: Mapping[str, Any] = COLUMNS, **keys: Any) -> None:
    """Declare the one source ``visits``."""
    source = {"description": "Visits to a shop", **keys, "columns": dict(columns)}
    folder.write(
        "data/sources.yml", yaml.safe_dump({"sources": {"visits": source}}, sort_keys=False)
    )


def rows(folder: Folder) -> list[tuple[Any, ...]]:
    """Ingest, and give the rows of the example."""
    ingest(folder.project)
    return stored(folder)


def stored(folder: Folder) -> list[tuple[Any, ...]]:
    """Give the rows of the example as they are in the warehouse."""
    return folder.query("select day::varchar, shop, customers from raw.visits order by 1, 2")
