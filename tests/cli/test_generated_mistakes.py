"""Documents that make pages, and what is wrong with them: file and line, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.cli.generating import with_generated_pages
from analysis.errors import AnalysisError
from analysis.project import open_project
from analysis.warehouse.ingest import ingest
from tests.cli.test_generated import HEAD, NORTH, SOURCES, SOUTH, template
from tests.helpers.projects import analysis, snapshot, write_project


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pages of a template once."""
    root = write_project(
        tmp_path_factory.mktemp("mistakes"),
        {
            "data/sources.yml": SOURCES,
            "data/raw/shops.csv": HEAD + NORTH + SOUTH,
            "shops/_shop.qmd": template(),
        },
    )
    ingest(open_project(root))
    with_generated_pages(open_project(root))
    return root


def refused(root: Path, text: str) -> AnalysisError:
    """Try this template, see that the pages stay as they were, and give the error."""
    path, before = root / "shops/_shop.qmd", snapshot(root, "shops")
    try:
        path.write_text(text)
        with pytest.raises(AnalysisError) as caught:
            with_generated_pages(open_project(root))
    finally:
        path.write_text(template())
    assert snapshot(root, "shops") == before
    return caught.value


@pytest.mark.parametrize(
    ("query", "line", "said"),
    [
        ("select nam from raw.shops", 5, "nam"),
        ("|\n    select name,\n      nonsense\n    from raw.shops", 7, "nonsense"),
        ("selec name", 5, "syntax error"),
        ("select 1 as a; select 2 as a", 5, "one SELECT"),
        ("create table x as select 1", 5, "one SELECT"),
        ("select name, city as class, city from raw.shops", 5, "`class`"),
        ("select name, city, interval 1 day as x from raw.shops", 5, "`x`"),
        ("select name, name as n from raw.shops", 3, "`city`"),
        ("select name, city, name from raw.shops", 5, "two columns"),
        ("select 'a/b' as name, '' as city", 5, "`a/b`"),
        ("select '..' as name, '' as city", 5, "`..`"),
        ("select null::varchar as name, '' as city", 5, "missing"),
        ("select unnest(['a', 'A']) as name, '' as city", 5, "`a` and `A`"),
        ("select unnest(['a', 'a']) as name, '' as city", 5, "`a` and `a`"),
        ("select 'README' as name, '' as city", 5, "README"),
        ("select range::varchar as name, '' as city from range(2001)", 5, "2,000"),
        ("[1]", 5, "not a query"),
    ],
)
def test_mistakes_in_the_query(root: Path, query: str, line: int, said: str) -> None:
    """Also such as only its rows bring to light."""
    error = refused(root, template(query))
    assert str(error.where) == f"shops/_shop.qmd:{line}" and said in str(error)


def test_two_templates_for_one_page(root: Path) -> None:
    """The second one is told."""
    write_project(root, {"shops/_twin.qmd": template()})
    try:
        assert "another template" in refused(root, template()).what
    finally:
        (root / "shops/_twin.qmd").unlink()


def test_page_that_would_not_be_published(root: Path) -> None:
    """The site's own list of documents leaves it out."""
    config = root / "_quarto.yml"
    before = config.read_text()
    try:
        config.write_text("project:\n  type: website\n  render: ['shops/_*']\n")
        assert "project: render" in refused(root, template()).what
    finally:
        config.write_text(before)


def test_command_shows_no_traceback(root: Path) -> None:
    """Exit code 2, as for any mistake in a project file."""
    path = root / "shops/_shop.qmd"
    path.write_text(template("select nam from raw.shops"))
    outcome = analysis(root, "run")
    path.write_text(template())
    assert outcome.code == 2 and "Traceback" not in outcome.err
    assert "error: shops/_shop.qmd:5: " in outcome.err
