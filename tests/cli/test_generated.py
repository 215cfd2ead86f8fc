"""Documents that make pages: through the command line, with real kernels and a real warehouse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.projects import QUARTO_YML, Outcome, analysis, snapshot, write_project

SOURCES = """\
sources:
  shops:
    description: Shops
    kind: csv
    path: data/raw/shops.csv
    columns: {name: VARCHAR, city: VARCHAR, staff: INTEGER, opened: DATE}
"""
HEAD = "name,city,staff,opened\n"
NORTH, SOUTH = "north,Oslo,3,2020-01-02\n", "south,Rome,,2021-03-04\n"
QUERY = "select name, city, staff, opened, [1, 2] as rooms from raw.shops order by name"
TEMPLATE = """\
---
title: "Shop {{name}}"
description: "In {{city}}"
analysis:
  for-each: {query}
---

```{{python}}
#| tags: [parameters]
name = city = staff = opened = rooms = None
```

```{{python}}
{code}
```
"""
CODE = "print([name, city, staff, opened, rooms])"
SIDEBAR = QUARTO_YML.replace('"Tiny"', '"Tiny"\n  sidebar:\n    contents: auto')


def template(query: str = QUERY, code: str = CODE) -> str:
    """Write a template."""
    return TEMPLATE.format(query=query, code=code)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project with a template, and a page that lists what it makes."""
    return write_project(
        tmp_path / "project",
        {
            "_quarto.yml": SIDEBAR,
            "data/sources.yml": SOURCES,
            "data/raw/shops.csv": HEAD + NORTH + SOUTH,
            "index.qmd": "---\ntitle: Home\nlisting:\n  contents: shops\n---\n\nHome.\n",
            "shops/_shop.qmd": template(),
        },
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the project once."""
    root = write_project(
        tmp_path_factory.mktemp("published"),
        {
            "_quarto.yml": SIDEBAR,
            "data/sources.yml": SOURCES,
            "data/raw/shops.csv": HEAD + NORTH + SOUTH,
            "index.qmd": "---\ntitle: Home\nlisting:\n  contents: shops\n---\n\nHome.\n",
            "shops/_shop.qmd": template(),
        },
    )
    outcome = publish(root)
    assert outcome.code == 0, outcome.err
    return root


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """Give a copy of the published project."""
    return Path(shutil.copytree(published, tmp_path / "copy", symlinks=True))


def publish(root: Path) -> Outcome:
    """Publish without Quarto."""
    return analysis(root, "publish", "--renderer", "embedded")


def write_shops(root: Path, *rows: str) -> None:
    """Change the raw data."""
    (root / "data/raw/shops.csv").write_text(HEAD + "".join(rows))


def ran(outcome: Outcome) -> list[str]:
    """List the pages that ran."""
    return sorted(line.split()[1] for line in outcome.out.splitlines() if line.startswith("ran "))


def current(root: Path, page: str) -> str:
    """Read a page of the current release."""
    return (root / "published" / "current" / page).read_text()


def test_each_row_becomes_a_page(published: Path) -> None:
    """It has the row's values, as parameters and in its title; a missing one is None."""
    north, south = current(published, "shops/north.html"), current(published, "shops/south.html")
    assert "[&#39;north&#39;, &#39;Oslo&#39;, 3, &#39;2020-01-02&#39;, [1, 2]]" in north.replace(
        "'", "&#39;"
    )
    assert "Rome" in south and "None" in south
    assert "<title>Shop north" in north


def test_generated_pages_are_in_listings_and_in_the_sidebar(published: Path) -> None:
    """The site takes them for documents like any other."""
    home = current(published, "index.html")
    assert home.count("shops/south.html") >= 2 and "In Rome" in home and "Shop south" in home


def test_nothing_changed_and_nothing_runs(copy: Path) -> None:
    """No page is written again, and there is no new release."""
    before = snapshot(copy, "shops", "_freeze")
    link = (copy / "published/current").readlink()
    outcome = publish(copy)
    assert outcome.code == 0 and "3 pages, 0 run" in outcome.out, outcome.out
    assert snapshot(copy, "shops", "_freeze") == before
    assert (copy / "published/current").readlink() == link


def test_fresh_clone_runs_nothing(copy: Path) -> None:
    """What is committed is enough: the template, and the results of its pages."""
    for name in ("shops/north.qmd", "shops/south.qmd", "data/warehouse.duckdb"):
        (copy / name).unlink()
    shutil.rmtree(copy / ".analysis")
    outcome = publish(copy)
    assert outcome.code == 0 and ran(outcome) == [], outcome.out


def test_row_that_is_gone_takes_page_and_result_along(copy: Path) -> None:
    """What another document has frozen below its name stays."""
    write_project(copy, {"shops/south/more.qmd": "```{python}\n1\n```\n"})
    publish(copy)
    write_shops(copy, NORTH)
    outcome = publish(copy)
    assert outcome.code == 0 and "removed  shops/south.qmd" in outcome.out
    assert ran(outcome) == []
    assert not (copy / "shops/south.qmd").exists()
    assert [p.name for p in sorted((copy / "_freeze/shops/south").iterdir())] == ["more"]
    assert not (copy / "published/current/shops/south.html").exists()
    assert "shops/south.html" not in current(copy, "index.html")


def test_row_that_changed_runs_its_page_only(copy: Path) -> None:
    """The other page has the same text as before."""
    write_shops(copy, NORTH.replace("Oslo", "Bergen"), SOUTH)
    assert ran(publish(copy)) == ["shops/north.qmd"]
    assert "Bergen" in current(copy, "shops/north.html")


def test_template_that_changed_runs_all_pages(copy: Path) -> None:
    """Also where the query stays the same."""
    (copy / "shops/_shop.qmd").write_text(template(code="print('hello', name)"))
    assert ran(publish(copy)) == ["shops/north.qmd", "shops/south.qmd"]
    assert "hello north" in current(copy, "shops/north.html")


def test_query_that_changed_runs_what_it_concerns(copy: Path) -> None:
    """How the rows are asked for is not in the pages."""
    (copy / "shops/_shop.qmd").write_text(template(QUERY.replace("order", "where true order")))
    assert ran(publish(copy)) == []
    (copy / "shops/_shop.qmd").write_text(template(QUERY.replace("order", "where false order")))
    assert "removed  shops/north.qmd" in publish(copy).out


def test_template_that_is_gone_takes_its_pages_along(copy: Path) -> None:
    """They would be orphans that nobody may edit."""
    (copy / "shops/_shop.qmd").unlink()
    outcome = publish(copy)
    assert outcome.code == 0 and "1 pages" in outcome.out
    assert list((copy / "shops").iterdir()) == []


def test_failing_page_stops_no_other(copy: Path) -> None:
    """It is told which template makes it."""
    (copy / "shops/_shop.qmd").write_text(template(code="print(1 / (name != 'south'))"))
    outcome = publish(copy)
    assert outcome.code == 1 and ran(outcome) == ["shops/north.qmd"]
    assert "shops/south.qmd:" in outcome.err and "ZeroDivisionError" in outcome.err
    assert "shops/_shop.qmd" in outcome.err
    assert "out of date" in current(copy, "shops/south.html")


def test_mistake_in_the_text_names_the_template(copy: Path) -> None:
    """A page that cannot be read is to be mended there, too."""
    path = copy / "shops/_shop.qmd"
    path.write_text(path.read_text() + "\n{{< include nothing.qmd >}}\n")
    outcome = publish(copy)
    assert outcome.code == 2 and "shops/south.qmd:" in outcome.err
    assert "edit shops/_shop.qmd" in outcome.err


def test_run_takes_a_template_for_its_pages(copy: Path) -> None:
    """`analysis run` writes pages too, and runs those of a template by its name."""
    write_project(copy, {"other.qmd": "```{python}\n1\n```\n"})
    write_shops(copy, NORTH, "east,Graz,1,2022-01-01\n")
    analysis(copy, "ingest")
    outcome = analysis(copy, "run", "shops/_shop.qmd")
    assert outcome.code == 0 and ran(outcome) == ["shops/east.qmd"], outcome.err


def test_quarto_finds_the_pages(copy: Path) -> None:
    """The hook writes pages and results before Quarto lists its documents."""
    for name in ("north", "south"):
        (copy / f"shops/{name}.qmd").unlink()
    write_shops(copy, NORTH)
    outcome = analysis(copy, "hook", "pre-render", QUARTO_PROJECT_RENDER_ALL="1")
    assert outcome.code == 0, outcome.err
    assert (copy / "shops/north.qmd").exists() and not (copy / "shops/south.qmd").exists()
    frozen = json.loads((copy / "_freeze/shops/north/execute-results/html.json").read_text())
    import hashlib

    text = (copy / "shops/north.qmd").read_bytes()
    assert frozen["hash"] == hashlib.md5(text, usedforsecurity=False).hexdigest()


def test_status_tells_of_templates(copy: Path) -> None:
    """Nothing is written or asked; what is not as the template says is told."""
    assert "_shop.qmd" not in analysis(copy, "status").out
    (copy / "shops/_shop.qmd").write_text(template(code="print('new', name)"))
    changed = analysis(copy, "status")
    assert changed.code == 0 and "shops/_shop.qmd changed since its pages" in changed.out
    for name in ("north", "south"):
        (copy / f"shops/{name}.qmd").unlink()
    unwritten = analysis(copy, "status")
    assert "shops/_shop.qmd has no pages yet" in unwritten.out
    templates = json.loads(analysis(copy, "status", "--json").out)["templates"]
    assert templates == [{"template": "shops/_shop.qmd", "state": "unwritten", "pages": []}]


def test_hand_written_document_is_never_overwritten(copy: Path) -> None:
    """Whatever its suffix; nothing else is touched either."""
    write_shops(copy, NORTH, "east,Graz,1,2022-01-01\n")
    for name in ("shops/east.qmd", "shops/east.md"):
        (copy / name).write_text("mine\n")
        before = snapshot(copy, "shops", "_freeze")
        outcome = publish(copy)
        assert outcome.code == 2 and "Traceback" not in outcome.err
        assert "shops/_shop.qmd:5: " in outcome.err and name in outcome.err
        assert snapshot(copy, "shops", "_freeze") == before
        (copy / name).unlink()


def test_no_warehouse(root: Path) -> None:
    """The message says what to do."""
    outcome = analysis(root, "run")
    assert outcome.code == 2 and "shops/_shop.qmd:5: " in outcome.err
    assert "analysis ingest" in outcome.err
    (root / "data/sources.yml").unlink()
    assert "not built yet" in publish(root).err
