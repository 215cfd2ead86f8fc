"""What holds for every page: sound HTML, nothing from other hosts, no library for nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.site.renderer import RenderedSite
from tests.site.conftest import Render

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"))
# A name of a vocabulary is no address that a browser loads.
NAMES = re.compile(r"https?://www\.w3\.org/(?:2000/svg|1998/Math/MathML|1999/xlink|2000/xmlns)")
LOADS = re.compile(
    r"""(?x) (?: \bsrc(?:set)?= | <link[^>]*\bhref= | url\( | \bfetch\( | \bimport[( ]\s*
    | @import )
    \s* ["'(]* \s* (?:https?:)?//"""
)


class _Checker(HTMLParser):
    """Find tags that do not close, and ids that are used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"line {self.getpos()[0]}: <{tag}> has an attribute twice")
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"line {self.getpos()[0]}: </{tag}> closes nothing")


def _check(text: str) -> _Checker:
    checker = _Checker()
    checker.feed(text)
    checker.close()
    return checker


@pytest.fixture(scope="session")
def pages(reference: RenderedSite) -> list[Path]:
    found = sorted(reference.folder.rglob("*.html"))
    assert len(found) == 10
    return found


def test_pages_are_well_formed(pages: list[Path]) -> None:
    for page in pages:
        checker = _check(page.read_text(encoding="utf-8"))
        assert (page.name, checker.problems, checker.open) == (page.name, [], [])


def test_ids_are_unique(pages: list[Path]) -> None:
    for page in pages:
        ids = _check(page.read_text(encoding="utf-8")).ids
        assert sorted(ids) == sorted(set(ids)), page.name


def test_nothing_is_loaded_from_another_host(reference: RenderedSite) -> None:
    files = [p for p in reference.folder.rglob("*") if p.suffix in (".html", ".css", ".js")]
    assert len(files) >= 12
    for path in files:
        text = NAMES.sub("", path.read_text(encoding="utf-8"))
        assert not LOADS.search(text), path.name


def test_the_check_for_other_hosts_sees_them() -> None:
    for text in (
        '<script src="https://cdn.invalid/x.js">',
        "<link rel=stylesheet href='//cdn.invalid/x.css'>",
        "a { background: url(http://cdn.invalid/x.png) }",
        'fetch("https://cdn.invalid/x.json")',
        'import "https://cdn.invalid/x.mjs"',
    ):
        assert LOADS.search(text), text


def test_scripts_and_styles_of_pages_exist(pages: list[Path]) -> None:
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r'<(?:script src|link rel="stylesheet" href)="([^"]+)"', text):
            assert (page.parent / name).is_file(), (page.name, name)


def test_the_chart_library_is_there_only_for_pages_with_charts(
    render: Render, reference: RenderedSite
) -> None:
    chart = (
        '<div class="analysis-chart" role="img" aria-label="x"><svg></svg></div>\n'
        '<script type="application/json" class="analysis-chart-spec">{}</script>'
    )
    site = render(
        {
            "index.qmd": f"---\ntitle: Home\n---\n\n```{{=html}}\n{chart}\n```\n",
            "sub/plain.qmd": "---\ntitle: Plain\n---\n\nText.\n",
        }
    )
    assert 'src="./site_libs/analysis/charts.js"' in (site.folder / "index.html").read_text()
    assert "charts.js" not in (site.folder / "sub/plain.html").read_text()
    library = (site.folder / "site_libs/analysis/vega.js").read_text()
    assert "analysisVegaEmbed" in library
    assert not LOADS.search(NAMES.sub("", library))
    assert not (reference.folder / "site_libs/analysis/vega.js").exists()
