"""The chapters about the data, copied as they are into a project that knows nothing of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lxml import html

from tests.helpers.projects import analysis, write_project

ROOT = Path(__file__).parents[2]
SOURCES = """
sources:
  visits:
    description: Visits to a <script>alert(1)</script> shop
    kind: csv
    path: data/raw/visits.csv
    columns:
      day: {type: DATE, description: The day}
      customers: {type: INTEGER, description: People who came in, unit: people}
  unused:
    description: Nobody reads this
    kind: csv
    path: data/raw/visits.csv
    columns: {day: DATE, customers: INTEGER}
"""
READER = """\
---
title: "How busy is the shop?"
---

```{python}
from analysis import query, table
table(query("select * from reports.total"))
```
"""
DATASET = """\
---
title: "A dataset"
---

```{python}
from analysis import dataset
len(dataset("crowds", sample="days", features=["known"]).df())
```
"""
FILES = {
    "data/sources.yml": SOURCES,
    "data/raw/visits.csv": "day,customers\n2026-01-01,3\n2026-01-02,5\n",
    "data/sql/features/busy.sql": "-- Busy days.\nselect day, customers from raw.visits",
    "data/sql/reports/total.sql": "-- All in all.\nselect sum(customers) as n from features.busy",
    "data/sql/samples/days.sql": (
        "/*\nkey: day\navailable_at: day\n*/\nselect day, customers from raw.visits"
    ),
    "data/sql/features/known.sql": "/*\nkey: day\n*/\nselect day, 1 as one from raw.visits",
    "index.qmd": READER,
    "crowds.qmd": DATASET,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project that was published with the chapters of the demo."""
    root = write_project(tmp_path_factory.mktemp("shop"), FILES)
    (root / "chapters" / "data").mkdir(parents=True)
    for name in ("index", "_source", "features", "_view", "flow", "services"):
        document = ROOT / "chapters" / "data" / f"{name}.qmd"
        shutil.copy(document, root / "chapters" / "data")
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    return root


def page(root: Path, name: str) -> html.HtmlElement:
    """Read a published page of the chapters."""
    path = root / "published" / "current" / "chapters" / "data" / f"{name}.html"
    return html.fromstring(path.read_bytes()).find(".//main")


def links(tree: html.HtmlElement) -> set[str]:
    """List the addresses that a page links to."""
    return {a.get("href") for a in tree.iter("a") if a.get("href")}


def test_there_is_a_page_for_each_source_and_each_view(root: Path) -> None:
    """The tables lead to them."""
    assert {"raw.visits.html", "raw.unused.html"} <= links(page(root, "index"))
    assert {"features.busy.html", "reports.total.html"} <= links(page(root, "features"))


def test_every_link_of_the_chapters_leads_somewhere(root: Path) -> None:
    """No page is named that was not published."""
    folder = root / "published" / "current" / "chapters" / "data"
    assert len(list(folder.glob("*.html"))) == 10
    for path in folder.glob("*.html"):
        for address in links(page(root, path.stem)):
            if not address.startswith(("#", "http")):
                assert (folder / address.partition("#")[0]).exists(), f"{path.name}: {address}"


def test_who_uses_a_source_is_named_through_views(root: Path) -> None:
    """Pages are known by their titles, and what nobody uses says so."""
    text = " ".join(page(root, "raw.visits").text_content().split())
    assert "features.busy: Busy days." in text
    assert "How busy is the shop? through reports.total" in text
    assert "../../index.html" in links(page(root, "raw.visits"))
    unused = page(root, "raw.unused").text_content()
    assert "No view reads it." in unused
    assert "No page reads it." in unused


def test_the_flow_goes_from_the_source_to_the_page(root: Path) -> None:
    """Pages that only tell of the graph are not in it."""
    tree = page(root, "flow")
    [svg] = [svg for svg in tree.iter("svg") if svg.get("class") == "flow"]
    assert svg.get("aria-label") == (
        "Data flow: 2 sources, 3 views, 1 sample, 1 dataset, 2 pages, "
        "joined by lines from left to right."
    )
    labels = sorted(label.text for label in svg.iter("text"))
    assert labels == [
        *("A dataset", "How busy is the shop?", "crowds", "features.busy", "features.known"),
        *("reports.total", "samples.days", "unused", "visits"),
    ]
    assert {"raw.visits.html", "features.busy.html", "../../index.html"} <= {
        a.get("href") for a in svg.iter("a")
    }


def test_a_view_names_the_datasets_that_it_is_part_of(root: Path) -> None:
    """With the pages that read them."""
    for name in ("features.known", "samples.days"):
        assert "crowds in A dataset" in " ".join(page(root, name).text_content().split())
    assert "It is part of no dataset." in page(root, "features.busy").text_content()


def test_nothing_hostile_became_markup(root: Path) -> None:
    """Neither in pages nor in what is searched."""
    for path in (root / "published" / "current").rglob("*"):
        if path.suffix in (".html", ".json"):
            assert "<script>alert(1)" not in path.read_text(), path


def test_a_second_run_has_nothing_to_do(root: Path) -> None:
    """What the pages tell of the graph does not change by their own runs."""
    outcome = analysis(root, "status", "--json")
    states = {page["page"]: page["state"] for page in json.loads(outcome.out)["pages"]}
    assert set(states.values()) == {"fresh"}
    assert len(states) == 12
