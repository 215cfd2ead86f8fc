"""The chapter about models, copied as it is into a project that knows nothing of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from tests.helpers import experiment_site
from tests.helpers.bundles import add_bundle, certify, stage
from tests.helpers.experiment_site import page, words
from tests.helpers.projects import analysis

CHAPTER = experiment_site.ROOT / "chapters" / "models"
EVIL = "<script>alert(1)</script> | $x$ **bold** {{< meta >}} `code` \"'&"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a published project with models of each task and of each state."""
    root = experiment_site.project(tmp_path_factory.mktemp("models"), "index")
    (root / "chapters" / "models").mkdir()
    for document in CHAPTER.glob("*.qmd"):
        if "." not in document.stem:
            shutil.copy(document, root / "chapters" / "models")
    first = add_bundle(root, "late", kind="trees")
    stage(root, first, "champion", why="the first that is good enough")
    second = add_bundle(root, "late", seed=2)
    stage(root, second, "champion", why="it is better by far")
    certify(root, add_bundle(root, "birds", "multiclass"), passed=False)
    add_bundle(root, "delay", "regression", question=EVIL, why=EVIL, by=EVIL)
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    return root


@pytest.fixture(scope="module")
def pages(root: Path) -> Path:
    """Give the folder of the published chapter."""
    return root / "published" / "current" / "chapters" / "models"


def cells(tree: html.HtmlElement, heading: str) -> list[list[str]]:
    """Give the rows of the first table with such a heading."""
    for table in tree.iter("table"):
        if any(words(th) == heading for th in table.iter("th")):
            rows = [[spaced(td) for td in tr.iter("td")] for tr in table.iter("tr")]
            return [row for row in rows if row]
    raise AssertionError(f"no table has the heading {heading}")


def spaced(cell: html.HtmlElement) -> str:
    """Give the text of a cell, its lines apart."""
    return " ".join(" ".join(cell.itertext()).split())


def test_the_overview_lists_each_model_once_with_the_version_that_answers(pages: Path) -> None:
    rows = {row[0].split(" ", 1)[0]: row for row in cells(page(pages, "index"), "Model")}
    assert set(rows) == {"late", "birds", "delay"}
    assert rows["late"][1] == "2 champion of 2 versions"
    assert rows["late"][3].startswith("proven within 2e-16")
    assert rows["birds"][3] == "differs"
    assert rows["delay"][3] == "not proven"


def test_a_page_shows_versions_and_who_changed_their_stage_and_why(pages: Path) -> None:
    tree = page(pages, "model.late")
    assert [row[:2] for row in cells(tree, "Predicts the same")] == [
        ["2", "champion"],
        ["1", "retired"],
    ]
    events = cells(tree, "What")
    assert any("it is better by far" in row[4] and "champion" in row[2] for row in events)
    assert any("from champion to retired" in row[2] and row[1] == "1" for row in events)
    assert all(row[3] == "Ann" for row in events)


def test_a_page_says_what_is_taken_and_where_it_was_proven(pages: Path) -> None:
    tree = page(pages, "model.late")
    fields = {row[0].split(" ")[0]: row for row in cells(tree, "Field")}
    assert fields["wind"][1] == "number"
    checks = {row[0]: row for row in cells(tree, "Largest difference")}
    assert checks["SQL in DuckDB"][3] == "0"
    assert "not tried: no PostgreSQL here" in " ".join(checks)
    kinds = cells(tree, "What they try")
    assert sum(int(row[1]) for row in kinds) > 0


def test_examples_are_calls_with_an_answer_that_the_model_gave(pages: Path) -> None:
    told = words(page(pages, "model.late"))
    assert "analysis serve model late" in told
    assert "curl -s http://127.0.0.1:8000/predict" in told
    assert '"probability": [' in told


def test_a_model_without_a_champion_or_that_differs_says_so_first(pages: Path) -> None:
    told = words(page(pages, "model.birds"))
    assert "Nothing is deployed" in told
    assert "Not the same everywhere" in told
    assert "Nothing is deployed" not in words(page(pages, "model.late"))


def test_what_people_write_is_text_and_no_markup(pages: Path) -> None:
    tree = page(pages, "model.delay")
    assert not [script for script in tree.iter("script") if "alert(1)" in (script.text or "")]
    assert words(tree).count("<script>alert(1)</script>") >= 3


def test_only_the_pages_of_a_model_run_again_when_it_gets_a_new_version(root: Path) -> None:
    # Pages about the data tell what the first run of the others had read.
    analysis(root, "publish")
    add_bundle(root, "birds", "multiclass", seed=5)
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    ran = [line.split()[1] for line in outcome.out.splitlines() if line.startswith("ran")]
    # Pages about the data tell what the pages of models read when they first ran.
    ran = sorted(name for name in ran if name.startswith("chapters/models/"))
    assert ran == ["chapters/models/index.qmd", "chapters/models/model.birds.qmd"]
