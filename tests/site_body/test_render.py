"""Names, links, dates and options of pages, and that the same page is always the same bytes."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest

from analysis.documents.page import Page
from analysis.site.body import BodyContext, render_body
from analysis.site.body.dates import format_date, parse_date
from tests.site_body.pages import SITE, reference_body, render_file, render_text

NAMES = ("Über uns.qmd", "it's.qmd", "two words.qmd", "100% & more.qmd", "a#b.qmd", "sub/ä ö.qmd")


@pytest.mark.parametrize("name", NAMES)
def test_pages_with_difficult_names_can_be_linked(name: str, tmp_path: Path) -> None:
    """From a page in a folder, in the address as a browser writes it."""
    (tmp_path / "from").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / name).touch()
    quoted = name.replace("%", "%25").replace(" ", "%20").replace("#", "%23").replace("&", "&amp;")
    (tmp_path / "from" / "page.qmd").write_text(f"[a link](<../{quoted}?q=1#part>)\n")
    body = render_file(tmp_path, "from/page.qmd")
    assert body.warnings == ()
    target = name.removesuffix("qmd") + "html"
    assert body.links == (f"{target}#part",)
    assert 'href="../' in body.content
    assert '.html?q=1#part">a link</a>' in body.content
    assert "#b" not in body.content.split("?q")[0]


@pytest.mark.parametrize("name", NAMES[:3])
def test_pages_with_difficult_names_can_be_rendered(name: str, tmp_path: Path) -> None:
    """Their own sections are linked under their own name."""
    (tmp_path / name).write_text("## Part {#sec-part}\n\nSee @sec-part.\n")
    body = render_file(tmp_path, name)
    assert body.links == (name.removesuffix("qmd") + "html#sec-part",)


def test_links_become_relative_to_the_page(tmp_path: Path) -> None:
    """Documents, files and folders, counted from the page or from the root."""
    for name in ("index.qmd", "sub/other.qmd", "sub/data.csv", "pics/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "sub" / "page.qmd").write_text(
        "[1](other.qmd) [2](/index.qmd#x) [3](../index.qmd) [4](data.csv) [5](../sub/) [6](#top)\n"
        "[7](https://e.org/x.qmd) [8](mailto:a@b.c) ![](/pics/a.png) ![](../pics/a.png)\n\n"
        '<a href="other.qmd">raw</a>\n'
    )
    body = render_file(tmp_path, "sub/page.qmd")
    for address in (
        'href="./other.html">1',
        'href="../index.html#x">2',
        'href="../index.html">3',
        'href="data.csv">4',
        'href="../sub/">5',
        'href="#top">6',
        'href="https://e.org/x.qmd">7',
        'href="mailto:a@b.c">8',
        'src="../pics/a.png"',
        'href="./other.html">raw',
    ):
        assert address in body.content, address
    assert body.resources == ("pics/a.png", "sub/data.csv")
    assert body.links == (
        "sub/other.html",
        "index.html#x",
        "index.html",
        "sub/data.csv",
        "sub/",
        "sub/page.html#top",
    )


def test_pictures_of_cells_are_no_resources(tmp_path: Path) -> None:
    """They come with the page's results."""
    name = "page_files/figure-html/cell-2-output-1.png"
    page = Page("page.qmd", f"![A]({name})\n", {}, {name: tmp_path / "elsewhere.png"})
    body = render_body(page, BodyContext(tmp_path, {}))
    assert (body.resources, body.warnings) == ((), ())


def test_pages_can_be_shown_in_frames(tmp_path: Path) -> None:
    """Another page of the site is no missing file."""
    page = Page("page.qmd", '<iframe src="other.html" title="Other"></iframe>\n', {})
    body = render_body(page, BodyContext(tmp_path, {"other.qmd": "other.html"}))
    assert (body.warnings, body.resources) == ((), ())


def test_content_for_a_profile(tmp_path: Path) -> None:
    """Shown where the profile is active."""
    page = Page("page.qmd", '[yes]{.content-visible when-profile="quick"}\n', {})
    assert "yes" in render_body(page, BodyContext(tmp_path, {}, profiles=("quick",))).content
    assert "yes" not in render_body(page, BodyContext(tmp_path, {})).content


def test_same_page_is_the_same_bytes() -> None:
    """Also in another process, where tables of Lua have another order."""
    first = reference_body("markup")
    assert all(reference_body("markup") == first for _ in range(3))


def test_page_takes_little_time() -> None:
    """One process, started once; the limit is far above what it takes, for busy machines."""
    start = time.perf_counter()
    reference_body("outputs")
    assert time.perf_counter() - start < 2


def test_options_of_the_format_go_before_those_of_the_document(tmp_path: Path) -> None:
    """As Quarto merges them."""
    text = "## A\n\n### B\n\n#### C\n"
    shown = render_text(tmp_path, text, toc=False, format={"html": {"toc": True, "toc-depth": 2}})
    assert [entry.id for entry in shown.toc] == ["a"]
    assert shown.toc[0].children == ()
    assert render_text(tmp_path, text).toc == ()


def test_contents_keep_the_tree_and_leave_out_what_is_unlisted(tmp_path: Path) -> None:
    """Levels may be skipped; notes and links do not get into the contents."""
    body = render_text(
        tmp_path,
        "## A [x](http://e.org)^[note] `c`\n\n#### Deep\n\n"
        "### B {.unlisted}\n\n## C {.unnumbered}\n",
        toc=True,
        **{"toc-depth": 4},
    )
    assert [(entry.id, entry.html) for entry in body.toc] == [
        ("a-x-c", "A x <code>c</code>"),
        ("c", "C"),
    ]
    assert [entry.id for entry in body.toc[0].children] == ["deep"]


def test_title_is_markdown(tmp_path: Path) -> None:
    """And has a plain form."""
    body = render_text(
        tmp_path,
        "Text.\n",
        title="Of *mice* & `men` $a^2$",
        subtitle="A **b**",
        description="C",
        abstract="One.\n\nTwo.",
    )
    assert body.title.startswith("Of <em>mice</em> &amp; <code>men</code> ")
    assert body.plain_title == "Of mice & men a^2"
    assert (body.subtitle, body.description) == ("A <strong>b</strong>", "C")
    assert body.abstract == "<p>One.</p>\n<p>Two.</p>"


def test_authors_of_every_form(tmp_path: Path) -> None:
    """Plain, named, and in parts."""
    body = render_text(
        tmp_path,
        "Text.\n",
        author=["A. Nalyst", {"name": "B"}, {"name": {"given": "C", "family": "D"}}],
    )
    assert body.authors == ("A. Nalyst", "B", "C D")


@pytest.mark.parametrize(
    "value, style, lang, shown",
    [
        ("2026-01-31", "long", "en", "January 31, 2026"),
        ("2026-01-31", "full", "en", "Saturday, January 31, 2026"),
        ("2026-01-31", "medium", "en", "Jan 31, 2026"),
        ("2026-01-31", "short", "en", "1/31/26"),
        ("2026-01-31", "iso", "en", "2026-01-31"),
        ("2026-01-31", "dddd MMM Do, YYYY [at] D/M", "en", "Saturday Jan 31st, 2026 at 31/1"),
        ("01/31/2026", "long", "en", "January 31, 2026"),
        ("2026-03-05", "long", "de", "5. März 2026"),
        ("2026-03-05", "long", "fr", "5 mars 2026"),
        ("2026-03-05T14:07:00", "YYYY-MM-DD HH:mm", "en", "2026-03-05 14:07"),
        ("today", "iso", "en", "2026-02-03"),
        ("last-modified", "iso", "en", "2026-02-02"),
        (datetime.date(2026, 1, 2), "long", "en-GB", "2 January 2026"),
        ("2026-03-05", "full", "sv", "torsdag 5 mars 2026"),
        ("2026-03-05", "long", "no such language", "March 5, 2026"),
        ("2026-03-05T14:07:00", "h:mm a", "en", "2:07 pm"),
    ],
)
def test_dates(value: object, style: str, lang: str, shown: str) -> None:
    """In Quarto's styles and with its tokens."""
    today, modified = datetime.date(2026, 2, 3), datetime.date(2026, 2, 2)
    moment = parse_date(value, today, modified)
    assert moment is not None
    assert format_date(moment, style, lang) == shown


def test_figure_in_the_margin_stays_whole(tmp_path: Path) -> None:
    """Picture and caption lie in one container."""
    (tmp_path / "pic.png").touch()
    body = render_text(tmp_path, "Text.\n\n![A](pic.png){#fig-a .column-margin}\n")
    assert body.content.count("column-margin") == 1
    assert body.content.index("column-margin") < body.content.index('id="fig-a"')


def test_one_code_block_can_wrap(tmp_path: Path) -> None:
    """While others scroll."""
    text = '```{.python code-overflow="wrap"}\nx\n```\n\n```python\ny\n```\n'
    assert render_text(tmp_path, text).content.count("code-overflow-wrap") == 1


def test_date_that_is_none_stays_as_it_is(tmp_path: Path) -> None:
    """There is no ISO form of it."""
    body = render_text(tmp_path, "Text.\n", date="spring 2026")
    assert (body.date, body.date_iso) == ("spring 2026", None)


def test_scripts_and_drawings_pass_through_unchanged(tmp_path: Path) -> None:
    """Also those in attributes, and comparisons and tags within scripts."""
    pieces = (
        '<script>if (a < b && c > d) { x("</p>") }</script>',
        '<svg viewBox="0 0 1 1"><linearGradient id="g"/><path d="M0,0"/></svg>',
    )
    for piece in pieces:
        body = render_text(tmp_path, f"Text.\n\n```{{=html}}\n{piece}\n```\n\nText.\n")
        assert piece in body.content
    attribute = "data:image/svg+xml,<svg><path/></svg>"
    body = render_text(tmp_path, f"```{{=html}}\n<img alt='' src='{attribute}'>\n```\n")
    assert "data:image/svg+xml" in body.content
    assert "kept" not in body.content


def test_outputs_that_look_like_markup_stay_text(tmp_path: Path) -> None:
    """What a cell printed is not read as Markdown or as a shortcode."""
    text = (
        "::: {.cell-output .cell-output-stdout}\n```\n{{< video x >}} @fig-none $a$ <b>\n```\n:::\n"
    )
    body = render_text(tmp_path, text)
    assert "<code>{{&lt; video x &gt;}} @fig-none $a$ &lt;b&gt;</code>" in body.content
    assert body.warnings == ()


def test_page_of_the_reference_needs_no_project_around_it() -> None:
    """A context of root and outputs is enough."""
    body = render_file(SITE, "index.qmd")
    assert body.links[0] == "outputs.html"
