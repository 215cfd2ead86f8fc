"""Our pages against those of real Quarto, feature by feature."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis.site.renderer import RenderedSite
from tests.helpers.dom import Difference, Exclusion, compare, select
from tests.site.conftest import REFERENCE

MAIN = REFERENCE / "main"
PAGES = sorted(path.relative_to(MAIN).as_posix() for path in MAIN.rglob("*.html"))
FEATURES = {
    "navbar": ("header#quarto-header", "nav.navbar"),
    "secondary navigation": ("header#quarto-header", "nav.quarto-secondary-nav"),
    "sidebar": ("nav#quarto-sidebar", "nav#quarto-sidebar"),
    "table of contents": ("nav#TOC", "nav#TOC"),
    "title block": ("header#title-block-header", "header#title-block-header"),
    "categories": ("div.quarto-categories", "div.quarto-categories"),
    "listing": ("div#listing-listing", "div#listing-listing"),
}
EXCLUDED = (
    Exclusion("*", "attribute onclick", "our script listens to clicks: no inline code in pages"),
    Exclusion(
        "nav.navbar", "attribute aria-label", "ours is named, so that a screen reader tells it"
    ),
    Exclusion(
        "nav.quarto-secondary-nav", "attribute aria-label", "ours is named, for screen readers"
    ),
    Exclusion(
        "div.quarto-listing", "attribute data-page-size", "ours, for the script that turns pages"
    ),
    Exclusion(
        "div.quarto-post",
        "attribute data-listing-file-modified-sort",
        "times of files differ between clones of one commit; nothing may depend on them",
    ),
)


def _same(feature: str, page: str, site: Path) -> list[Difference]:
    selector = FEATURES[feature][1]
    ours, theirs = (site / page).read_text(), (MAIN / page).read_text()
    return compare(ours, theirs, selector=selector, ignore=EXCLUDED)


@pytest.mark.parametrize("feature", FEATURES)
def test_structure_around_the_pages_equals_quartos(reference: RenderedSite, feature: str) -> None:
    found = {page: _same(feature, page, reference.folder) for page in PAGES}
    with_feature = [
        page for page in PAGES if select((MAIN / page).read_text(), FEATURES[feature][1])
    ]
    print(f"{feature:22} {sum(not d for d in found.values()):2} of {len(PAGES)} pages equal,")
    print(f"{'':22} {len(with_feature):2} of them have it")
    assert with_feature, "the reference must show the feature"
    assert {page: [str(d) for d in diff] for page, diff in found.items() if diff} == {}


def test_main_carries_the_same_classes(reference: RenderedSite) -> None:
    for page in PAGES:
        ours = select((reference.folder / page).read_text(), "main#quarto-document-content")
        theirs = select((MAIN / page).read_text(), "main#quarto-document-content")
        assert ours and theirs
        assert ours.classes == theirs.classes, page


def test_files_are_the_same(reference: RenderedSite) -> None:
    listed = (REFERENCE / "site-files.txt").read_text().split("\n")
    theirs = {line.removeprefix("_site/") for line in listed if line}
    every = (p.relative_to(reference.folder).as_posix() for p in reference.folder.rglob("*"))
    ours = {name for name in every if (reference.folder / name).is_file()}
    assert {name for name in ours if not name.startswith("site_libs/analysis/")} == theirs


def test_listing_index_is_the_same(reference: RenderedSite) -> None:
    assert _json(reference.folder / "listings.json") == _json(MAIN / "listings.json")


def test_search_index_is_the_same(reference: RenderedSite) -> None:
    ours, theirs = (
        {entry["objectID"]: entry for entry in _json(folder / "search.json")}
        for folder in (reference.folder, MAIN)
    )
    assert ours.keys() == theirs.keys()
    for name, entry in theirs.items():
        assert _comparable(ours[name]) == _comparable(entry), name


def _comparable(entry: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(entry["text"].split())
    # The reference writes `<tmp>` for a folder after the text was escaped.
    text = text.replace("&lt;tmp&gt;", "<tmp>")
    # Equations are numbered beside the formula here, and by MathJax's \tag there.
    text = re.sub(r"\\tag\{(\d+)\}\\\]|\\\]\((\d+)\)", r"\\](\1\2)", text)
    return {**entry, "text": text.replace(" \\]", "\\]")}


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
