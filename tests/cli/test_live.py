"""A site that describes itself: pages on the graph, one for each source, and one on releases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.projects import Outcome, analysis, write_project

SOURCES = """\
sources:
  shops: {description: Shops, kind: csv, path: shops.csv, columns: {name: VARCHAR}}
  towns: {description: Towns, kind: csv, path: shops.csv, columns: {name: VARCHAR}}
"""
PAGE = "---\ntitle: {title}\n---\n\n```{{python}}\nimport analysis\n{code}\n```\n"
ASK = "for row in analysis.db().execute('''{}''').fetchall(): print(row)"
TEMPLATE = """\
---
title: "Source {name}"
analysis:
  for-each: select name from meta.sources order by name
---

```{python}
#| tags: [parameters]
name = None
```

```{python}
import analysis
sql = "select document from meta.inputs where kind = 'relation' and id = 'raw.' || ?"
print(name, "is used by", analysis.db().execute(sql, [name]).fetchall())
```
"""
COUNT = ASK.format("select count(*) || ' releases' from meta.releases")
TITLES = ASK.format("select title from meta.documents order by title")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the site once."""
    root = write_project(
        tmp_path_factory.mktemp("live"),
        {
            "data/sources.yml": SOURCES,
            "shops.csv": "name\nnorth\n",
            "data/pages/_source.qmd": TEMPLATE,
            "shops.qmd": PAGE.format(title="Shops", code=ASK.format("from raw.shops")),
            "titles.qmd": PAGE.format(title="Titles", code=TITLES),
            "releases.qmd": PAGE.format(title="Releases", code=COUNT),
        },
    )
    outcome = publish(root)
    assert outcome.code == 0 and "5 pages, 5 run" in outcome.out, outcome.out + outcome.err
    return root


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    """Give a copy of it."""
    return Path(shutil.copytree(published, tmp_path / "copy", symlinks=True))


def publish(root: Path) -> Outcome:
    """Publish without Quarto."""
    return analysis(root, "publish", "--renderer", "embedded")


def current(root: Path, page: str) -> str:
    """Read a page of the current release."""
    return (root / "published" / "current" / page).read_text()


def test_first_publication_is_whole(published: Path) -> None:
    """Each page sees what the others read in the same run, and the documents that were made."""
    assert "shops is used by [('shops.qmd',)]" in current(published, "data/pages/shops.html")
    assert "towns is used by []" in current(published, "data/pages/towns.html")
    assert "Source towns" in current(published, "titles.html")
    assert "0 releases" in current(published, "releases.html")


def test_second_publication_runs_nothing(site: Path) -> None:
    """Nor is there another release: a page on releases does not count them for ever."""
    link = (site / "published/current").readlink()
    outcome = publish(site)
    assert "5 pages, 0 run" in outcome.out and (site / "published/current").readlink() == link
    assert "5 fresh" in analysis(site, "status").out


def test_fresh_clone_runs_nothing(site: Path) -> None:
    """Only what is committed is there."""
    for name in (".analysis", "published"):
        shutil.rmtree(site / name)
    for path in (*site.glob("data/warehouse.*"), *site.glob("data/pages/[!_]*")):
        path.unlink()
    shutil.rmtree(site / "data/snapshots", ignore_errors=True)
    outcome = publish(site)
    assert outcome.code == 0 and "5 pages, 0 run" in outcome.out, outcome.out


def test_new_source_and_new_use(site: Path) -> None:
    """The graph changes by one page, and all that tell of it follow in the same run."""
    (site / "shops.qmd").write_text(PAGE.format(title="Shops", code=ASK.format("from raw.towns")))
    path = site / "data/sources.yml"
    path.write_text(path.read_text() + SOURCES.splitlines()[2].replace("towns", "roads") + "\n")
    outcome = publish(site)
    assert outcome.code == 0, outcome.err
    order = [line.split()[1] for line in outcome.out.splitlines() if line.startswith("ran ")]
    pages = [f"data/pages/{name}.qmd" for name in ("roads", "shops", "towns")]
    assert sorted(order[:2]) == ["shops.qmd", "titles.qmd"] and sorted(order[2:]) == pages
    assert "towns is used by [('shops.qmd',)]" in current(site, "data/pages/towns.html")
    assert "shops is used by []" in current(site, "data/pages/shops.html")
    assert "0 run" in publish(site).out


def test_impact_of_a_template(site: Path) -> None:
    """A change of it reaches its pages."""
    outcome = analysis(site, "impact", "data/pages/_source.qmd")
    assert "re-runs 2 pages" in outcome.out and "text data/pages/towns.qmd" in outcome.out


def test_impact_of_the_graph(site: Path) -> None:
    """The pages that read it are named."""
    outcome = analysis(site, "impact", "meta.inputs")
    assert outcome.code == 0 and "a change of meta.inputs re-runs 2 pages" in outcome.out
