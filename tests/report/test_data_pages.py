"""The dictionary and the registry, from a real warehouse whose values are hostile and personal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from analysis.errors import ProjectError
from analysis.project import open_project
from analysis.report.data.columns import column_table, view_column_table
from analysis.report.data.layout import facts, listing
from analysis.report.data.services import service_table
from analysis.report.data.sources import about_source, broken_rules, kept_rules, source_table
from analysis.report.data.values import histogram
from analysis.report.data.views import about_view, view_sql, view_table
from analysis.report.formats import MISSING
from analysis.report.html import Html, code, join, link, prose, tag, text
from analysis.warehouse.ingest import ingest
from tests.helpers.projects import write_project

EVIL = "<script>alert('x')</script>"
SOURCES = f"""
sources:
  people:
    description: "People who `buy` {EVIL}"
    owner: "{EVIL}"
    licence: CC0-1.0
    update: {{every: day}}
    kind: csv
    path: data/raw/people.csv
    time: since
    on_violation: quarantine
    columns:
      id: {{type: INTEGER, nullable: false, description: "Number of the person"}}
      name: {{type: VARCHAR, pii: true, description: "Their name"}}
      town: {{type: VARCHAR, description: "Where they live {EVIL}"}}
      spent: {{type: DOUBLE, unit: euros, range: [0, 1000]}}
      since: TIMESTAMP
    contract:
      key: [id]
"""
PEOPLE = "id,name,town,spent,since\n" + "".join(
    f"{i},Ada Lovelace {i},{EVIL if i % 2 else 'Paris'},{i * 1.5},2026-01-{i % 28 + 1:02d}\n"
    for i in range(1, 60)
)
SPENDERS = f"""\
/*
description: "Those who spent much {EVIL}. They are few."
key: id
owner: Sales
columns:
  much: {{description: "Twice what was spent", unit: euros}}
*/
-- ```` and {EVIL}
select id, upper(name) as loud, spent * 2 as much from raw.people where spent > 50
"""
TOWNS = (
    "/*\nmaterialized: true\n*/\nselect town, count(*) as people from raw.people group by town\n"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an ingested project, with documents in the chapter of the data."""
    root = write_project(
        tmp_path_factory.mktemp("people"),
        {
            "data/sources.yml": SOURCES,
            "data/raw/people.csv": PEOPLE + "99,Grace Hopper,Rome,-5,2026-01-01\n",
            "data/sql/features/spenders.sql": SPENDERS,
            "data/sql/features/towns.sql": TOWNS,
            "chapters/data/raw.people.qmd": "",
            "chapters/data/features.spenders.qmd": "",
        },
    )
    ingest(open_project(root))
    return root


@pytest.fixture
def chapter(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in the folder of the chapter, as a page is while it runs."""
    monkeypatch.chdir(built / "chapters" / "data")
    return built


def _html(shown: Any) -> str:
    raw = shown.as_raw_html() if hasattr(shown, "as_raw_html") else shown
    return str(raw)


def _cells(shown: Any) -> list[list[str]]:
    tree = html.fromstring(_html(shown))
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in tree.iter("tr")
    ]


ALL = {
    "sources": source_table,
    "source": lambda: about_source("people"),
    "broken": lambda: broken_rules("people"),
    "kept": lambda: kept_rules("people"),
    "columns": lambda: column_table("raw.people"),
    "stored view": lambda: column_table("features.towns"),
    "views": view_table,
    "view": lambda: about_view("features.spenders"),
    "view columns": lambda: view_column_table("features.spenders"),
    "services": service_table,
}


@pytest.mark.parametrize("name", ALL)
def test_nothing_hostile_and_nothing_personal_is_shown(name: str, chapter: Path) -> None:
    shown = _html(ALL[name]())
    assert len(shown) > 50
    assert "<script" not in shown
    assert "ada lovelace" not in shown.lower()
    assert "hopper" not in shown.lower()


@pytest.mark.parametrize("name", ALL)
def test_the_same_warehouse_gives_the_same_bytes(name: str, chapter: Path) -> None:
    assert _html(ALL[name]()) == _html(ALL[name]())


def test_the_sources_are_listed_with_age_and_contract(chapter: Path) -> None:
    [heads, row] = _cells(source_table())
    assert heads == ["Source", "Description", "Rows", "Data as of", "Updated", "Contract"]
    assert row[0] == "people"
    assert row[2:5] == ["59", "28 January 2026", "every day"]
    assert re.fullmatch(r"1 of \d+ broken", row[5])
    tree = html.fromstring(_html(source_table()))
    assert [a.get("href") for a in tree.iter("a")] == ["raw.people.html"]


def test_a_source_says_what_it_is(chapter: Path) -> None:
    tree = html.fromstring(about_source("people"))
    names = [dt.text_content() for dt in tree.iter("dt")]
    values = [dd.text_content() for dd in tree.iter("dd")]
    known = dict(zip(names, values, strict=True))
    assert known["Set aside"] == "1 row, with the reasons in raw.people__rejected"
    assert known["Owner"] == EVIL
    assert known["From"] == "data/raw/people.csv"


def test_an_unknown_source_is_a_mistake(chapter: Path) -> None:
    with pytest.raises(ProjectError, match="no source `nobody`"):
        about_source("nobody")


def test_columns_are_described_with_what_is_in_them(chapter: Path) -> None:
    rows = {row[0].split()[0]: row for row in _cells(column_table("raw.people"))[1:]}
    assert list(rows) == ["id", "name", "town", "spent", "since"]
    assert rows["name"][0] == "name personal varchar"
    assert rows["name"][2:] == [MISSING, "59", MISSING, ""]
    assert rows["town"][1] == f"Where they live {EVIL}"
    assert rows["town"][5] == f"51% {EVIL} 49% Paris"
    assert rows["spent"][0] == "spent double, euros"
    assert rows["spent"][4] == "1.5 to 88.5"
    assert rows["since"][4] == "2026-01-01 to 2026-01-28"
    tree = html.fromstring(_html(column_table("raw.people")))
    drawn = [svg.get("aria-label") for svg in tree.iter("svg")]
    assert len(drawn) == 3
    assert drawn[2].startswith("From 1 January 2026 to 28 January 2026, most from ")


def test_rules_are_told_the_broken_ones_with_their_rows(chapter: Path) -> None:
    rows = _cells(broken_rules("people"))
    assert rows[1][1:] == ["1", "are set aside"]
    assert "spent" in rows[1][0]
    kept = {row[0]: row[2] for row in _cells(kept_rules("people"))[1:]}
    assert kept["key"] == "id"


def test_views_are_listed_by_their_first_sentence(chapter: Path) -> None:
    rows = _cells(view_table())
    assert rows[0] == ["View", "Description", "Key", "Reads"]
    assert rows[1] == [
        "features.spenders",
        f"Those who spent much {EVIL}.",
        "id",
        "raw.people",
    ]
    assert rows[2][0] == "features.towns stored"
    assert len(_cells(view_table("samples"))) == 1


def test_columns_of_a_view_name_where_they_come_from(chapter: Path) -> None:
    rows = _cells(view_column_table("features.spenders"))[1:]
    assert rows[0] == ["id integer", "Number of the person", "raw.people id"]
    assert rows[1] == ["loud personal varchar", MISSING, "raw.people name"]
    assert rows[2] == ["much double, euros", "Twice what was spent", "raw.people spent"]


def test_sql_with_fences_stays_in_its_block(chapter: Path) -> None:
    markdown = view_sql("features.spenders")
    fence = re.search(r"^(`+)sql$", markdown, re.MULTILINE)
    assert fence
    assert len(fence[1]) == 5
    assert markdown.count(fence[1]) == 2


def test_the_services_are_those_of_the_doctor(chapter: Path) -> None:
    rows = _cells(service_table())[1:]
    assert len(rows) == 9
    assert rows[0][1] == "ok"
    assert rows[7][1:3] == [
        "not set up",
        "not set up yet: there is no data/experiments nothing, until it is needed",
    ]


def test_a_histogram_says_what_lies_outside() -> None:
    bins = [{"low": 0.0, "high": 10.0, "n": 5}, {"low": 10.0, "high": 20.0, "n": 1}]
    drawn = histogram(bins, 0, 3)
    assert "From 0 to 20, most from 0 to 10; 3 above." in drawn
    assert drawn.count("<circle") == 1
    assert drawn.count("<rect") == 2


def test_parts_of_html_are_escaped_unless_they_are_html() -> None:
    assert tag("b", "<i>", title='"x"') == '<b title="&quot;x&quot;">&lt;i&gt;</b>'
    assert join([Html("<br>"), "<br>"]) == "<br>&lt;br&gt;"
    assert text(None) == ""
    assert link(None, "a") == "a"
    assert link("a b", "a") == '<a href="a b">a</a>'
    assert prose("run `a <b>` <now>") == f"run {code('a <b>')} &lt;now&gt;"
    assert "<dt" not in facts({"a": None, "b": ""})
    assert listing([], "none") == "<p>none</p>"
