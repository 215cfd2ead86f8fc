"""A page that uses a dataset: what it depends on, and what makes it run again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.datasets.conftest import SAMPLE, TOWN
from tests.helpers.projects import analysis
from tests.warehouse.conftest import Folder

PAGE = """\
---
title: Paid
---

```{python}
import analysis
made = analysis.dataset("paid", "all_orders", ["town"])
print(made.count())
```
"""
ID = "paid: samples.all_orders + features.town"


@pytest.fixture
def page(orders: Folder) -> Folder:
    """Run the page."""
    orders.write("index.qmd", PAGE)
    assert analysis(orders.root, "ingest").code == 0
    outcome = analysis(orders.root, "run")
    assert outcome.code == 0, outcome.out + outcome.err
    return orders


def why(folder: Folder) -> str:
    """Ingest, and say why the page would run."""
    assert analysis(folder.root, "ingest").code == 0
    return analysis(folder.root, "status", "--why", "index.qmd").out


def inputs(root: Path) -> dict[str, list[str]]:
    """Give the ids of what the page depends on."""
    rows = json.loads((root / "_freeze/index/inputs.json").read_text())
    return {kind: sorted(ids) for kind, ids in rows.items()}


def test_it_depends_on_the_views_and_not_on_all_descriptions(page: Folder) -> None:
    found = inputs(page.root)
    assert found["dataset"] == [ID]
    assert found["relation"] == ["features.town", "samples.all_orders"]
    assert "file" not in found
    assert "stale" not in why(page)
    page.write(
        "data/sql/features/amount.sql", "/* {key: id} */ select id, 1 as other from raw.orders"
    )
    page.write("data/sql/features/town.sql", TOWN.replace("Where the", "The place where the"))
    assert "stale" not in why(page)


def test_another_role_of_a_view_makes_it_stale(page: Folder) -> None:
    page.write("data/sql/samples/all_orders.sql", SAMPLE.replace("target: paid\n", ""))
    assert f"the key, time or target of a view changed in `{ID}`" in why(page)


def test_other_rows_make_it_stale(page: Folder) -> None:
    page.write("data/sql/features/town.sql", TOWN.replace(", town,", ", lower(town) as town,"))
    assert "`features.town` changed: column `town`" in why(page)


def test_impact_knows_the_dataset(page: Folder) -> None:
    assert f"dataset {ID}" in analysis(page.root, "impact", "paid").out
    through = analysis(page.root, "impact", "raw.customers").out
    assert "relation features.town" in through
    assert "re-runs 1 page" in through
