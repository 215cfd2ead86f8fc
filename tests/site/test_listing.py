"""Listings: which pages, in which order, with what, and where."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from analysis.errors import ProjectError
from tests.site.conftest import Render

POSTS = {
    "posts/a.qmd": "---\ntitle: Beta\ndate: 2026-01-05\ncategories: [x, y]\n---\n\n"
    "First words of a.\n",
    "posts/b.qmd": "---\ntitle: Alpha\ndate: 2026-03-05\nauthor: A. Nalyst\n---\n\n## Head\n\nB.\n",
    "posts/deep/c.qmd": "---\ntitle: Gamma\ndate: 2026-01-05\ncategories: [y]\n"
    "rank: 1\n---\n\nC.\n",
}


def _page(listing: str, body: str = "") -> str:
    return f"---\ntitle: List\nlisting:\n{listing}---\n\n{body}\n"


def _titles(path: Path, name: str = "listing-listing") -> list[str]:
    tree = html.parse(str(path))
    items = tree.xpath(f"//div[@id='{name}']//*[contains(@class, 'listing-title')]")
    return [item.text_content().strip() for item in items]


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ("  contents: posts\n", ["Alpha", "Beta", "Gamma"]),
        ("  contents: posts/*.qmd\n", ["Alpha", "Beta"]),
        ('  contents: [posts, "!posts/b.qmd"]\n', ["Beta", "Gamma"]),
        ("  contents: posts\n  sort: date desc\n", ["Alpha", "Beta", "Gamma"]),
        ('  contents: posts\n  sort: [date, "title desc"]\n', ["Gamma", "Beta", "Alpha"]),
        ("  contents: posts\n  sort: rank\n", ["Gamma", "Beta", "Alpha"]),
        ("  contents: posts\n  max-items: 1\n", ["Alpha"]),
        ("  contents: posts\n  include:\n    categories: y\n", ["Beta", "Gamma"]),
        ("  contents: posts\n  exclude:\n    author: A*\n", ["Beta", "Gamma"]),
        ("  type: grid\n", ["Alpha", "Beta", "Gamma"]),
        ("  type: table\n  contents: posts\n", ["Alpha", "Beta", "Gamma"]),
        ("  contents: items.yml\n", ["Beta", "Elsewhere"]),
        ("  contents: items.yml\n  sort: false\n", ["Elsewhere", "Beta"]),
    ],
)
def test_items_and_their_order(render: Render, options: str, titles: list[str]) -> None:
    items = "- title: Elsewhere\n  path: https://example.org\n- path: posts/a.qmd\n"
    site = render({"index.qmd": _page(options), "items.yml": items, **POSTS})
    assert _titles(site.folder / "index.html") == titles
    assert site.warnings == ()


def test_an_item_without_description_shows_its_first_words(render: Render) -> None:
    site = render({"index.qmd": _page("  contents: posts\n"), **POSTS})
    text = (site.folder / "index.html").read_text()
    assert "First words of a." in text
    search = json.loads((site.folder / "search.json").read_text())
    (entry,) = (entry for entry in search if entry["objectID"] == "index.html")
    assert "First words" not in entry["text"], "a page's words belong to that page's entry"


def test_long_first_words_end_at_a_word(render: Render) -> None:
    words = "word " * 100
    post = f"---\ntitle: Long\n---\n\nSee [a link](https://example.org) {words}\n"
    site = render({"index.qmd": _page("  contents: p\n"), "p/long.qmd": post})
    tree = html.parse(str(site.folder / "index.html"))
    (description,) = tree.xpath("//div[contains(@class, 'listing-description')]")
    shown = " ".join(description.text_content().split())
    assert shown.startswith("See a link word")
    assert shown.endswith("word…")
    assert 150 < len(shown) <= 176


def test_categories_stand_in_the_margin_and_can_be_decoded(render: Render) -> None:
    site = render({"index.qmd": _page("  contents: posts\n  categories: true\n"), **POSTS})
    tree = html.parse(str(site.folder / "index.html"))
    shown = {
        unquote(base64.b64decode(entry.get("data-category")).decode()): " ".join(
            entry.text_content().split()
        )
        for entry in tree.xpath("//div[@id='quarto-margin-sidebar']//div[@data-category]")
    }
    assert shown == {"": "All (3)", "x": "x (1)", "y": "y (2)"}


def test_several_listings_stand_where_the_page_wants_them(render: Render) -> None:
    options = "  - id: one\n    contents: posts/a.qmd\n  - id: two\n    contents: posts/b.qmd\n"
    site = render({"index.qmd": _page(options, "::: {#two}\n:::\n\nBetween.\n"), **POSTS})
    page = site.folder / "index.html"
    assert _titles(page, "listing-one") == ["Beta"]
    assert _titles(page, "listing-two") == ["Alpha"]
    text = page.read_text()
    assert text.index("listing-two") < text.index("Between.") < text.index("listing-one")


def test_pictures_of_items_are_taken_from_their_pages(render: Render) -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    site = render(
        {
            "index.qmd": _page("  contents: p\n  type: grid\n"),
            "p/own/a.qmd": '---\ntitle: A\nimage: own.png\nimage-alt: "Own"\n---\n\nText.\n',
            "p/own/own.png": picture,
            "p/b.qmd": "---\ntitle: B\n---\n\n![Shown](shown.png)\n",
            "p/shown.png": picture,
        }
    )
    tree = html.parse(str(site.folder / "index.html"))
    images = [(i.get("src"), i.get("alt")) for i in tree.xpath("//main//img")]
    assert images == [("./p/own/own.png", "Own"), ("./p/shown.png", "Shown")]
    assert (site.folder / "p/own/own.png").read_bytes() == picture


def test_what_does_not_work_is_named_with_its_line(render: Render) -> None:
    site = render({"index.qmd": _page("  contents: nowhere\n  feed: true\n"), **POSTS})
    assert [warning.split(": ")[0] for warning in site.warnings] == ["index.qmd:5", "index.qmd:4"]


def test_an_unknown_type_is_a_mistake_of_the_page(render: Render) -> None:
    with pytest.raises(ProjectError, match="unknown type of listing `cloud`") as caught:
        render({"index.qmd": _page("  type: cloud\n"), **POSTS})
    assert str(caught.value.where) == "index.qmd:4"


def test_contents_may_lie_beside_the_page_but_not_outside(render: Render) -> None:
    page = _page("  contents: ../posts\n")
    site = render({"lists/index.qmd": page, "index.qmd": "Hi\n", **POSTS})
    assert _titles(site.folder / "lists/index.html") == ["Alpha", "Beta", "Gamma"]
    with pytest.raises(ProjectError, match="outside the project") as caught:
        render({"index.qmd": page})
    assert str(caught.value.where) == "index.qmd:4"


def test_ids_stay_unique_when_items_show_their_content(render: Render) -> None:
    code = "---\ntitle: Code\n---\n\n```python\nx = 1\n```\n"
    page = _page("  contents: p\n", "```python\nown = 1\n```\n")
    site = render({"index.qmd": page, "p/a.qmd": code, "p/b.qmd": code})
    ids = html.parse(str(site.folder / "index.html")).xpath("//@id")
    assert len(ids) == len(set(ids))
