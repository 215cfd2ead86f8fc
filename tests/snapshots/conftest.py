"""A small project with a warehouse, on which the real command line runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.project import open_project
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import VISITS, VISITS_CSV, Folder

CHANGED_CSV = VISITS_CSV.replace("north,3", "north,30")
SHOPS = "select shop, sum(customers) as n from raw.visits group by shop\n"
PAGE = """\
---
title: Visits
---

```{python}
import analysis

analysis.query("select * from features.shops order by shop")
```
"""


@pytest.fixture
def shop(tmp_path: Path) -> Folder:
    """Give an ingested project: one source, a view on it, a view on that, and a page."""
    folder = Folder(tmp_path / "project")
    folder.write("_quarto.yml", "project: {type: website}\nwebsite: {title: Tiny}\n")
    folder.write("index.qmd", PAGE)
    folder.write("data/sources.yml", VISITS)
    folder.write("data/raw/visits.csv", VISITS_CSV)
    folder.write("data/sql/features/shops.sql", SHOPS)
    folder.write("data/sql/aggregates/total.sql", "select sum(n) as n from features.shops\n")
    ingest(folder.project)
    return folder


def change(folder: Folder) -> None:
    """Change the data, and ingest it."""
    folder.write("data/raw/visits.csv", CHANGED_CSV)
    ingest(open_project(folder.root))
