"""Pages that read the graph of the others: they run after these, and come to rest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analysis.documents.events import PageDone, RunPlanned
from analysis.documents.impact import read_lineage
from analysis.warehouse.ingest import ingest
from tests.documents_run.conftest import Site
from tests.documents_run.pages import changed

SOURCES = """
sources:
  shops:
    description: Shops
    kind: csv
    path: shops.csv
    columns: {name: VARCHAR}
  towns:
    description: Towns
    kind: csv
    path: shops.csv
    columns: {name: VARCHAR}
"""
QUERY = "from analysis import db\nprint(db().execute('''{}''').fetchall())"
EDGES = "select document, id from meta.inputs where kind = 'relation' order by all"
TITLES = "select document, title, section, categories from meta.documents order by all"
USERS = QUERY.format(EDGES)


def reads(relation: str) -> str:
    """Write a cell that reads a relation."""
    return QUERY.format(f"from {relation}")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project of a page that reads a source, and of one that reads who does that."""
    site = Site(tmp_path_factory.mktemp("graph") / "site")
    site.write("data/sources.yml", SOURCES)
    site.write("shops.csv", "name\nnorth\n")
    site.page("shops.qmd", reads("raw.shops"))
    site.page("sub/users.qmd", USERS)
    ingest(site.project)
    assert site.ran() == ["shops.qmd", "sub/users.qmd"]
    return site


@pytest.fixture
def graph(ready: Site, tmp_path: Path) -> Site:
    """A copy of the project, all of whose pages have run."""
    shutil.copytree(ready.root, tmp_path / "copy")
    return Site(tmp_path / "copy")


def inputs(site: Site, page: str) -> dict[str, dict[str, object]]:
    """Read what a page depended on."""
    return json.loads((site.root / "_freeze" / page / "inputs.json").read_text())  # type: ignore[no-any-return]


def planned(site: Site) -> list[tuple[str, ...]]:
    """Give the pages of each wave of the last run."""
    return [event.pages for event in site.events if isinstance(event, RunPlanned)]


def test_graph_is_read_after_the_others_ran(graph: Site) -> None:
    """In a second wave; a page that reads it is not in it, and is an input of the kind `system`."""
    assert "('shops.qmd', 'raw.shops')" in graph.frozen("sub/users")
    assert "sub/users.qmd" not in graph.frozen("sub/users").partition("raw.shops")[2]
    assert list(inputs(graph, "sub/users")["system"]) == ["meta.inputs"]
    assert "warehouse" not in inputs(graph, "sub/users")
    assert "relation" not in inputs(graph, "sub/users")


def test_it_comes_to_rest(graph: Site) -> None:
    """A second run runs nothing, and so does one in a fresh clone."""
    assert graph.ran() == [] and changed(graph) == {}
    shutil.rmtree(graph.root / ".analysis")
    assert changed(graph) == {}
    assert graph.ran() == []
    assert (graph.root / ".analysis/graph.json").exists()


def test_new_edge_of_another_page_counts(graph: Site) -> None:
    """In the same run, and only then; the page that reads the graph sees it."""
    graph.page("shops.qmd", reads("raw.shops"), reads("raw.towns"))
    assert graph.ran() == ["shops.qmd", "sub/users.qmd"]
    assert planned(graph) == [("shops.qmd",), ("sub/users.qmd",)]
    assert "('shops.qmd', 'raw.towns')" in graph.frozen("sub/users")
    assert graph.ran() == []


def test_values_of_others_do_not_count(graph: Site) -> None:
    """Other data, another text: who depends on what stays the same."""
    graph.write("shops.csv", "name\nsouth\n")
    ingest(graph.project)
    assert graph.ran() == ["shops.qmd"]
    assert planned(graph) == [("shops.qmd",)]


def test_page_that_is_gone_or_new_counts(graph: Site) -> None:
    """A page without inputs of its own kind has others: its text, the kernel."""
    graph.page("new.qmd", "1")
    assert graph.ran() == ["new.qmd", "sub/users.qmd"]
    (graph.root / "new.qmd").unlink()
    assert changed(graph) == {"sub/users.qmd": ["`meta.inputs` changed"]}
    assert graph.ran() == ["sub/users.qmd"]
    assert graph.ran() == []


def test_reader_that_nobody_could_know_runs_once_more(graph: Site) -> None:
    """Its module asks for the graph. What it saw at first was too old; the run counts once."""
    graph.write("helper.py", USERS.replace("print(", "text = (") + "\n")
    graph.page("hidden.qmd", "import helper\nhelper.text")
    graph.page("shops.qmd", reads("raw.towns"))
    assert graph.ran() == ["hidden.qmd", "shops.qmd", "sub/users.qmd"]
    done = [event.source for event in graph.events if isinstance(event, PageDone)]
    assert sorted(done) == ["hidden.qmd", "hidden.qmd", "shops.qmd", "sub/users.qmd"]
    for page in ("hidden", "sub/users"):
        assert "('shops.qmd', 'raw.towns')" in graph.frozen(page)
        assert "('shops.qmd', 'raw.shops')" not in graph.frozen(page)
    assert graph.ran() == []


def test_page_that_only_speaks_of_the_graph(graph: Site) -> None:
    """It waits in vain, and the reader beside it runs again."""
    graph.page("speaks.qmd", reads("raw.towns"), prose="Not a query: meta.inputs")
    assert graph.ran() == ["speaks.qmd", "sub/users.qmd"]
    assert "('speaks.qmd', 'raw.towns')" in graph.frozen("sub/users")
    assert graph.ran() == []


def test_failing_reader_is_tried_once(graph: Site) -> None:
    """It stops no other, and its last good result stays."""
    good = graph.frozen("sub/users")
    graph.page("sub/users.qmd", USERS, "1 / 0")
    graph.page("shops.qmd", reads("raw.towns"))
    result = graph.run()
    assert [o.source for o in result.failed] == ["sub/users.qmd"]
    assert [o.source for o in result.ran] == ["shops.qmd"]
    assert graph.frozen("sub/users") == good
    graph.page("sub/users.qmd", USERS)
    assert graph.ran() == ["sub/users.qmd"]


def test_force_runs_each_page_once(graph: Site) -> None:
    """Also those that wait."""
    assert graph.ran(force=True) == ["shops.qmd", "sub/users.qmd"]
    assert planned(graph) == [("shops.qmd",), ("sub/users.qmd",)]


def test_documents_are_known_before_they_run(graph: Site) -> None:
    """The page that asks is among them; only front matter counts."""
    graph.page("list.qmd", QUERY.format(TITLES), front="categories: [a, b]")
    assert "list.qmd" in graph.ran()
    row = "('list.qmd', 'A page', None, ['a', 'b'])"
    assert row in graph.frozen("list") and "'sub')" not in graph.frozen("list")
    assert "('sub/users.qmd', 'A page', 'sub', [])" in graph.frozen("list")
    assert list(inputs(graph, "list")["system"]) == ["meta.documents"]
    graph.page("shops.qmd", reads("raw.shops"), prose="Other words.")
    assert graph.ran() == ["shops.qmd"]
    graph.page("shops.qmd", reads("raw.shops"), front="categories: [c]")
    assert graph.ran() == ["list.qmd", "shops.qmd"]
    assert changed(graph) == {}


def test_impact_knows_live_relations(graph: Site) -> None:
    """A change of the graph reaches the page that reads it."""
    lineage = read_lineage(graph.project)
    assert lineage.knows("meta.inputs") and not lineage.knows("meta.nothing")
    (found,) = lineage.impact("meta.inputs")
    assert (found.page, found.through) == ("sub/users.qmd", (("system", "meta.inputs"),))


def test_moved_project(graph: Site, tmp_path: Path) -> None:
    """The warehouse is not built again, and tells of the project where it is now."""
    shutil.move(graph.root, tmp_path / "else[w]here *")
    moved = Site(tmp_path / "else[w]here *")
    assert not ingest(moved.project).changed
    moved.page("shops.qmd", reads("raw.towns"))
    assert moved.ran() == ["shops.qmd", "sub/users.qmd"]
    assert "('shops.qmd', 'raw.towns')" in moved.frozen("sub/users")
