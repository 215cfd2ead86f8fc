"""The chapters about the data in a project with experiments: they stand in the flow, and beside."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from analysis.experiments.runs.store import runs_of
from analysis.project import find_project
from tests.helpers.projects import analysis, write_project
from tests.helpers.runs import DECLARED, write_experiment, write_run

ROOT = Path(__file__).parents[2]
PAGE = """\
---
title: "{}"
---

```{{python}}
import analysis
from analysis.lineage import UNOBSERVED, note_experiment, note_run
{}
```
"""
FILES = {
    "data/sources.yml": """
sources:
  trips:
    description: Trips
    kind: csv
    path: trips.csv
    columns: {id: INTEGER, late: BOOLEAN, distance: DOUBLE, hour: INTEGER, carrier: VARCHAR,
      wind: DOUBLE, seats: INTEGER}
""",
    "trips.csv": "id,late,distance,hour,carrier,wind,seats\n1,true,10,7,AA,3,100\n",
    "data/sql/features/plan.sql": "-- Plan.\nselect id, distance, hour, carrier from raw.trips",
    "data/sql/features/weather.sql": "-- Weather.\nselect id, wind, seats from raw.trips",
    "data/sql/features/other.sql": "-- Other.\nselect id from raw.trips",
    "data/sql/samples/trips.sql": "-- Trips.\nselect id, late from raw.trips",
    "data/experiments/its-late.yml": DECLARED,
    "all.qmd": PAGE.format("All experiments", "analysis.query('from meta.experiments')"),
    "chapters/tried/experiment.its-late.qmd": PAGE.format(
        "Is it <late>?", 'note_experiment("its-late")'
    ),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with an experiment that was published with the chapters of the demo."""
    root = write_project(tmp_path_factory.mktemp("tried"), FILES)
    (root / "chapters" / "data").mkdir(parents=True)
    for name in ("index", "_source", "features", "_view", "flow", "services"):
        shutil.copy(ROOT / "chapters" / "data" / f"{name}.qmd", root / "chapters" / "data")
    write_experiment(root, "its-late", 2, honesty=False)
    run = runs_of(find_project(root), "its-late")[0]
    of_run = PAGE.format("One run", f'note_run("its-late", "{run.run}")')
    (root / "chapters" / "tried" / "run.qmd").write_text(of_run)
    outcome = analysis(root, "publish", "--renderer", "embedded")
    assert outcome.code == 0, outcome.out + outcome.err
    return root


def page(root: Path, name: str) -> html.HtmlElement:
    """Read a published page of the chapters."""
    path = root / "published" / "current" / "chapters" / "data" / f"{name}.html"
    return html.fromstring(path.read_bytes()).find(".//main")


def words(root: Path, name: str) -> str:
    """Read what a page says."""
    return " ".join(page(root, name).text_content().split())


def test_the_flow_goes_through_experiments(root: Path) -> None:
    """From views to the pages that read runs; pages on single runs are left out."""
    tree = page(root, "flow")
    [svg] = [svg for svg in tree.iter("svg") if svg.get("class") == "flow"]
    assert "1 source, 3 views, 1 sample, 1 experiment, 2 pages" in svg.get("aria-label")
    [listed] = [item.text_content() for item in tree.iter("li") if item.text == "experiment "]
    assert listed == "experiment its-late reads features.plan, features.weather, samples.trips"
    readers = [i.text_content() for i in tree.iter("li") if i.text == "page "]
    assert sorted(readers) == [
        "page All experiments reads its-late",
        "page Is it <late>? reads its-late",
    ]
    assert "../tried/experiment.its-late.html" in {a.get("href") for a in svg.iter("a")}


def test_views_name_the_experiments_that_are_trained_on_them(root: Path) -> None:
    """With the columns; sources, with the views between."""
    assert "its-late on carrier, distance, hour" in words(root, "features.plan")
    assert "its-late on id, late" in words(root, "samples.trips")
    assert "No experiment is trained on it." in words(root, "features.other")
    through = "its-late through features.plan, features.weather, samples.trips"
    assert through in words(root, "raw.trips")
    assert "../tried/experiment.its-late.html" in {
        a.get("href") for a in page(root, "raw.trips").iter("a")
    }


def test_services_tell_of_runs(root: Path) -> None:
    """As the doctor does."""
    assert "1 experiment declared, 2 runs" in words(root, "services")


def test_only_what_tells_of_runs_is_stale_after_another(root: Path, tmp_path: Path) -> None:
    """Pages on views stay, since current runs are trained on the same columns."""
    site = Path(shutil.copytree(root, tmp_path / "copy", symlinks=True))
    assert "stale" not in analysis(site, "status").out
    write_experiment(site, "its-late", 3, honesty=False)
    stale = {
        line.split()[1] for line in analysis(site, "status").out.splitlines() if line[:5] == "stale"
    }
    assert stale == {
        "all.qmd",
        "chapters/data/services.qmd",
        "chapters/tried/experiment.its-late.qmd",
    }
    run = write_run(site, "its-late", "other")
    data = replace(run.data, features={"features.other": ("id",)})
    other = write_run(site, "its-late", "other", data=data)
    write_experiment(site, "its-late", [other])
    told = analysis(site, "status", "--why", "chapters/data/features.plan.qmd").out
    assert "`meta.uses` changed: experiment `its-late`" in told
