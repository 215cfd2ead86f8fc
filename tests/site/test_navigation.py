"""Sidebars, marks, crumbs and links of pages, seen in rendered sites."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from analysis.errors import ProjectError, RenderError
from tests.site.conftest import Render

CONFIG = "project:\n  type: website\nwebsite:\n  title: Tiny\n"


def _doc(title: str, **more: str) -> str:
    extra = "".join(f"{key}: {value}\n" for key, value in more.items())
    return f'---\ntitle: "{title}"\n{extra}---\n\nText of {title}.\n'


def _sidebar(path: Path) -> list[tuple[str, str | None]]:
    tree = html.parse(str(path))
    links = tree.xpath("//nav[@id='quarto-sidebar']//a[contains(@class, 'sidebar-item-text')]")
    return [(link.text_content().strip(), link.get("href")) for link in links]


def test_automatic_sidebar_follows_folders_order_and_names(render: Render) -> None:
    site = render(
        {
            "_quarto.yml": CONFIG + "  sidebar:\n    contents: auto\n",
            "index.qmd": _doc("Home"),
            "b.qmd": _doc("Bee"),
            "a.qmd": _doc("Ay"),
            "last-words.qmd": _doc("First by order", order="1"),
            "my-part/index.qmd": _doc("A part with a page"),
            "my-part/one.qmd": _doc("One"),
            "other_part/two.qmd": _doc("Two"),
        }
    )
    assert _sidebar(site.folder / "my-part/one.html") == [
        ("First by order", "../last-words.html"),
        ("Ay", "../a.html"),
        ("Bee", "../b.html"),
        ("A part with a page", "../my-part/index.html"),
        ("One", "../my-part/one.html"),
        ("Other part", None),
        ("Two", "../other_part/two.html"),
    ]


def test_each_page_gets_the_sidebar_that_holds_it(render: Render) -> None:
    config = """\
  sidebar:
    - id: a
      title: Part A
      contents: [index.qmd, a.qmd]
    - id: b
      title: Part B
      contents: [b.qmd]
"""
    site = render(
        {
            "_quarto.yml": CONFIG + config,
            "index.qmd": _doc("Home"),
            "a.qmd": _doc("Ay"),
            "b.qmd": _doc("Bee"),
            "chosen.qmd": _doc("Chosen", sidebar="b"),
            "none.qmd": _doc("None", sidebar="false"),
        }
    )
    for page, titles in {
        "a": ["Home", "Ay"],
        "b": ["Bee"],
        "chosen": ["Bee"],
        "none": [],
    }.items():
        assert [title for title, _ in _sidebar(site.folder / f"{page}.html")] == titles


def test_neighbours_follow_the_sidebar_up_to_a_line(render: Render) -> None:
    config = """\
  page-navigation: true
  sidebar:
    contents: [index.qmd, a.qmd, "---", b.qmd]
"""
    site = render(
        {
            "_quarto.yml": CONFIG + config,
            "index.qmd": _doc("Home"),
            "a.qmd": _doc("Ay"),
            "b.qmd": _doc("Bee"),
        }
    )

    def neighbours(name: str) -> list[str]:
        tree = html.parse(str(site.folder / name))
        return [a.get("href") for a in tree.xpath("//nav[@class='page-navigation']//a")]

    assert neighbours("index.html") == ["./a.html"]
    assert neighbours("a.html") == ["./index.html"]
    assert neighbours("b.html") == []


def test_titles_and_texts_are_markdown(render: Render) -> None:
    config = """\
  navbar:
    left:
      - text: "A *good* one"
        href: index.qmd
      - odd.qmd
  page-footer: "See [this](https://example.org)"
"""
    site = render(
        {
            "_quarto.yml": CONFIG + config,
            "index.qmd": _doc("Home"),
            "odd.qmd": "---\ntitle: Fish & *chips* 1 < 2\n---\n\nText.\n",
        }
    )
    text = (site.folder / "index.html").read_text()
    assert "<em>good</em>" in text
    assert '<a href="https://example.org">this</a>' in text
    tree = html.parse(str(site.folder / "odd.html"))
    assert tree.findtext(".//title") == "Fish & chips 1 < 2 \N{EN DASH} Tiny"
    assert "Fish &amp; <em>chips</em> 1 &lt; 2" in text


def test_menus_have_ids_of_their_own(render: Render) -> None:
    menu = "      - text: More\n        menu: [index.qmd]\n"
    site = render(
        {
            "_quarto.yml": CONFIG + "  navbar:\n    left:\n" + menu + menu,
            "index.qmd": _doc("Home"),
        }
    )
    tree = html.parse(str(site.folder / "index.html"))
    assert tree.xpath("//a[contains(@class, 'dropdown-toggle')]/@id") == [
        "nav-menu-more",
        "nav-menu-more-1",
    ]


def test_pages_with_odd_names_are_linked(render: Render) -> None:
    names = ("Größe & mehr.qmd", "it's here.qmd", "50% #1?.qmd")
    config = CONFIG + "  sidebar:\n    contents: auto\n"
    site = render({"_quarto.yml": config, "index.qmd": _doc("Home")} | {n: _doc(n) for n in names})
    hrefs = [href for _, href in _sidebar(site.folder / "index.html")]
    assert hrefs == ["./50%25 %231%3F.html", "./Größe & mehr.html", "./it's here.html"]
    assert all((site.folder / name.replace(".qmd", ".html")).is_file() for name in names)


def test_two_documents_for_one_page_are_refused(render: Render) -> None:
    with pytest.raises(ProjectError, match=r"`a\.md` and `a\.qmd` both make the page `a\.html`"):
        render({"a.md": _doc("One"), "a.qmd": _doc("Two")})


def test_a_site_without_a_home_leads_to_its_first_page(render: Render) -> None:
    site = render({"b.qmd": _doc("Bee"), "sub/a.qmd": _doc("Ay")})
    assert 'href="b.html"' in (site.folder / "index.html").read_text()


def test_a_site_that_knows_its_address_has_a_sitemap(render: Render) -> None:
    config = CONFIG + "  site-url: https://example.org/base/\n"
    site = render({"_quarto.yml": config, "index.qmd": _doc("Home"), "a b.qmd": _doc("Ay")})
    text = (site.folder / "sitemap.xml").read_text()
    assert "<loc>https://example.org/base/a%20b.html</loc>" in text
    assert "https://example.org/base/sitemap.xml" in (site.folder / "robots.txt").read_text()
    canonical = html.parse(str(site.folder / "index.html")).xpath("//link[@rel='canonical']/@href")
    assert canonical == ["https://example.org/base/index.html"]


def test_a_style_out_of_the_project_is_refused(render: Render) -> None:
    with pytest.raises(RenderError, match="outside the project"):
        render({"index.qmd": _doc("Home", css="../../own.css"), "../own.css": "p {}"})


def test_project_resources_and_styles_are_in_the_site(render: Render) -> None:
    config = """\
project:
  type: website
  resources: ["data/*.csv", "!data/secret.csv"]
website:
  title: Tiny
format:
  html:
    css: style/own.css
"""
    site = render(
        {
            "_quarto.yml": config,
            "sub/index.qmd": _doc("Home"),
            "style/own.css": "p {}",
            "data/a.csv": "a",
            "data/secret.csv": "s",
            "data/b.txt": "b",
        }
    )
    assert (site.folder / "data/a.csv").read_text() == "a"
    assert not (site.folder / "data/secret.csv").exists()
    assert not (site.folder / "data/b.txt").exists()
    tree = html.parse(str(site.folder / "sub/index.html"))
    assert "../style/own.css" in tree.xpath("//link[@rel='stylesheet']/@href")
    assert (site.folder / "style/own.css").is_file()


def test_the_navbar_marks_the_entry_of_a_pages_folder(render: Render) -> None:
    config = """\
  navbar:
    left: [index.qmd, part/index.qmd, part/two.qmd]
  sidebar:
    contents: [index.qmd, part/index.qmd]
"""
    site = render(
        {
            "_quarto.yml": CONFIG + config,
            "index.qmd": _doc("Home"),
            "part/index.qmd": _doc("Part"),
            "part/two.qmd": _doc("Two"),
            "part/three.qmd": _doc("Three"),
            "else.qmd": _doc("Else"),
        }
    )
    marked = {page: _marked(site.folder / page) for page in site.pages}
    assert marked == {
        "index.html": ["Home"],
        "part/index.html": ["Part"],
        "part/two.html": ["Two"],
        "part/three.html": ["Part"],
        "else.html": ["Home"],
    }


def _marked(path: Path) -> list[str]:
    tree = html.parse(str(path))
    links = tree.xpath("//nav[contains(@class, 'navbar')]//a[contains(@class, 'active')]")
    return [link.text_content().strip() for link in links]
