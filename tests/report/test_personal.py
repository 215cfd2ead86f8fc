"""What tells of people stays out of tables, and out of the whole published site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

import analysis
from analysis.errors import ProjectError
from analysis.project import open_project
from analysis.warehouse.ingest import ingest
from tests.helpers.projects import analysis as run
from tests.helpers.projects import write_project

SECRET = "Lovelace-1815"
SOURCES = """
sources:
  people:
    description: People
    kind: csv
    path: data/raw/people.csv
    columns:
      id: INTEGER
      name: {type: VARCHAR, pii: true}
      town: VARCHAR
"""
FILES = {
    "data/sources.yml": SOURCES,
    "data/raw/people.csv": f"id,name,town\n1,{SECRET},London\n2,Hopper,Rome\n",
    "data/sql/features/loud.sql": "select id, upper(name) as loud, town from raw.people",
}


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an ingested project, and be in it."""
    root = write_project(tmp_path / "people", FILES)
    ingest(open_project(root))
    monkeypatch.chdir(root)
    return root


def _heads(shown: object) -> list[str]:
    tree = html.fromstring(shown.as_raw_html())  # type: ignore[attr-defined]
    return [th.text_content() for th in tree.iter("th")]


def test_personal_columns_are_left_out_and_named(people: Path) -> None:
    shown = analysis.table(analysis.query("select * from raw.people order by id"))
    assert _heads(shown) == ["id", "town"]
    assert "Left out, as personal: name." in shown.as_raw_html()
    assert SECRET not in shown.as_raw_html()


def test_they_are_shown_on_purpose(people: Path) -> None:
    frame = analysis.query("select * from raw.people order by id")
    shown = analysis.table(frame, pii=True)
    assert _heads(shown) == ["id", "name", "town"]
    assert "Left out" not in shown.as_raw_html()


@pytest.mark.parametrize(
    "sql",
    [
        "select id, name as who from raw.people",
        "select id, lower(name) || '!' as who from raw.people",
        "select id, who from (select id, loud as who from features.loud)",
        "with p as (from raw.people) select id, substr(name, 2) as who from p",
        "select p.id, q.loud as who from raw.people p join features.loud q using (id)",
    ],
)
def test_another_name_hides_nothing(people: Path, sql: str) -> None:
    assert _heads(analysis.table(analysis.query(sql))) == ["id"]


def test_columns_of_views_are_personal_by_what_they_come_from(people: Path) -> None:
    assert _heads(analysis.table(analysis.query("from features.loud"))) == ["id", "town"]
    # Also of a frame that no query of ours has made.
    made = pd.DataFrame({"LOUD": ["x"], "town": ["y"]})
    assert _heads(analysis.table(made)) == ["town"]


def test_what_was_left_out_may_have_formats_and_spanners(people: Path) -> None:
    frame = analysis.query("select id, name, town from raw.people")
    shown = analysis.table(
        frame,
        {"id": "No.", "name": "Name", "town": "Town"},
        formats={"name": str, "id": str},
        spanners={"Who": ["name"], "Where": ["town"]},
    )
    assert "Who" not in shown.as_raw_html()
    assert "Where" in shown.as_raw_html()
    assert SECRET not in shown.as_raw_html()


def test_a_table_of_personal_columns_only_is_a_mistake(people: Path) -> None:
    with pytest.raises(ProjectError, match="all columns of this table tell of people: name"):
        analysis.table(analysis.query("select name from raw.people"))


def test_a_count_of_people_is_not_personal(people: Path) -> None:
    frame = analysis.query("select town, count(*) as people from raw.people group by all")
    assert _heads(analysis.table(frame)) == ["town", "people"]
    assert frame.attrs["personal"] == ()


def test_without_personal_columns_nothing_is_traced(warehouse: Callable[[str], None]) -> None:
    warehouse("create table visits as select 1 as name")
    frame = analysis.query("from visits")
    assert "personal" not in frame.attrs
    assert _heads(analysis.table(frame)) == ["name"]


def test_nothing_personal_is_published(people: Path) -> None:
    """Neither in a page, nor in the search index, nor in the frozen results."""
    page = (
        "---\ntitle: People\n---\n\n```{python}\nfrom analysis import query, table\n"
        "table(query('select * from raw.people'))\n```\n\n```{python}\n"
        "from analysis.report.data.columns import column_table\n"
        "from analysis.report.data.sources import about_source, broken_rules, kept_rules\n"
        "about_source('people')\n```\n\n```{python}\ncolumn_table('raw.people')\n```\n"
    )
    write_project(people, {"index.qmd": page})
    outcome = run(people, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    published = [p for p in (people / "published").rglob("*") if p.is_file()]
    frozen = [p for p in (people / "_freeze").rglob("*") if p.is_file()]
    assert any("Rome" in p.read_text(errors="replace") for p in published)
    for path in (*published, *frozen):
        assert SECRET.lower() not in path.read_text(errors="replace").lower(), path


def test_a_page_runs_again_when_a_column_becomes_personal(people: Path) -> None:
    """The data did not change, but what may be shown of them."""
    page = "```{python}\nfrom analysis import query, table\ntable(query('from raw.people'))\n```\n"
    write_project(people, {"index.qmd": page})
    assert run(people, "publish").code == 0
    site = people / "published" / "current" / "index.html"
    assert "London" in site.read_text()
    private = SOURCES.replace("town: VARCHAR", "town: {type: VARCHAR, pii: true}")
    write_project(people, {"data/sources.yml": private})
    assert run(people, "publish").code == 0
    assert "London" not in site.read_text()
