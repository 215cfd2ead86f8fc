"""The live relations of the schema ``meta``: views on what runs and releases have written."""

from __future__ import annotations

import json

import duckdb
import pytest

from analysis.warehouse.connection import db
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder

DOCUMENT = {
    "document": "a/b.qmd",
    "title": 'It\'s "A"',
    "section": "a",
    "date": "2026-05-01",
    "categories": ["x", "y"],
    "output": "a/b.html",
}
EDGE = {"document": "a/b.qmd", "kind": "relation", "id": "raw.visits"}
COLUMNS = {
    "documents": "document title section date categories output",
    "inputs": "document kind id",
    "releases": "id created commit renderer pages failures snapshot current",
    "experiments": (
        "name question owner task sample features target positive metric best metrics split blocks"
        " candidates runs failed current leader leader_candidate value low high baseline"
        " baseline_candidate baseline_value selection_bias updated"
    ),
    "runs": (
        "experiment run candidate family role status current leader error during metric best value"
        " low high task estimator parameters sample features columns rows split split_kind blocks"
        " created fit_seconds score_seconds diagnose_seconds memory_mb model_bytes key seeds commit"
        " dirty packages python platform command"
    ),
    "metrics": "experiment run metric value low high fold_low fold_high best place decides",
    "folds": (
        "experiment run fold metric value train_rows test_rows fit_seconds score_seconds memory_mb"
    ),
    "curves": "experiment run curve series place x y low high n name",
    "comparisons": (
        "experiment run other against metric difference low high p distinguishable paired"
    ),
    "uses": "experiment relation column",
    "predictions": (
        "time request row model version arm shadow key inputs outputs prediction probability"
        " latency_ms status error field"
    ),
}


@pytest.fixture
def live(visits: Folder) -> Folder:
    """Give a project whose warehouse is built, and that has neither runs nor releases."""
    ingest(visits.project)
    return visits


def rows(folder: Folder, query: str) -> list[tuple[object, ...]]:
    """Ask as a page does."""
    with db(folder.root) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", COLUMNS)
def test_nothing_was_written_yet(live: Folder, name: str) -> None:
    """There is no row, and no error; the columns are there."""
    assert rows(live, f"from meta.{name}") == []
    described = rows(live, f"select column_name from (describe meta.{name})")
    assert [column for (column,) in described] == COLUMNS[name].split()


def test_graph(live: Folder) -> None:
    """A date that is none, such as `today`, is missing."""
    other = {**DOCUMENT, "document": "c.qmd", "section": None, "date": "today", "categories": []}
    graph = {"documents": [DOCUMENT, other], "inputs": [EDGE]}
    live.write(".analysis/graph.json", json.dumps(graph))
    first, second = rows(live, "select * replace (date::varchar as date) from meta.documents")
    assert first == tuple(DOCUMENT.values())
    assert second == ("c.qmd", DOCUMENT["title"], None, None, [], "a/b.html")
    assert rows(live, "from meta.inputs") == [tuple(EDGE.values())]


def test_releases(live: Folder) -> None:
    """The one that is served is told apart."""
    manifest = {"created": "2026-05-01T10:00:00+00:00", "commit": "c0ffee", "renderer": "embedded"}
    for name in ("r1", "r2"):
        content = {**manifest, "pages": [{}, {}], "failures": [], "snapshot": None}
        live.write(f"published/manifests/{name}.json", json.dumps(content))
    query = "select id, created::varchar, pages, failures, current from meta.releases order by id"
    assert [row[-1] for row in rows(live, query)] == [False, False]
    (live.root / "published/releases/r2").mkdir(parents=True)
    (live.root / "published/current").symlink_to("releases/r2")
    assert rows(live, query) == [
        ("r1", "2026-05-01 10:00:00", 2, 0, False),
        ("r2", "2026-05-01 10:00:00", 2, 0, True),
    ]


def test_connection_that_knows_no_project(live: Folder) -> None:
    """It is told what to do, instead of there being no row."""
    with pytest.raises(duckdb.Error, match=r"analysis\.db\(\)"):
        live.query("from meta.inputs")


def test_no_path_of_this_machine_is_in_the_warehouse(live: Folder) -> None:
    """A project may be moved, and a snapshot may come from elsewhere."""
    assert str(live.root) not in str(live.query("select sql from duckdb_views()"))
    assert "meta.inputs" not in (live.root / "data/warehouse.json").read_text()
