"""The content of each page of the reference site, against what real Quarto wrote for it.

Run with ``-s``, or look at the end of the run, for the table of what matches.
"""

from __future__ import annotations

import pytest
from lxml import html

from analysis.site.body import Body, TocEntry
from tests.helpers.dom import Exclusion, compare, select
from tests.site_body.pages import as_main, reference_body, reference_html

DATED = "posts/2026-05-01 - A dated folder/index"
PAGES = (
    "index",
    "markup",
    "outputs",
    "options",
    "params",
    "posts/post1",
    "posts/post2",
    "posts/post3",
    DATED,
)

EXCLUSIONS = (
    Exclusion("header", "element", "the title block is the page template's, not the content's"),
    Exclusion("div", "attribute alt", "`alt` on a div is not valid HTML; the image has it"),
    Exclusion("img", "attribute data-ref-parent", "Quarto's own bookkeeping"),
    Exclusion("table", "class cell", "a class of the cell that strays onto the table"),
    Exclusion("span.equation-number", "element", "the number is compared by its reference"),
    Exclusion("p", "empty", "left by a parser that closed a paragraph around a figure"),
    Exclusion("#cb10-2", "words", "pandoc's Markdown grammar does not colour code in `{python}`"),
)
# Applied to whole pages and to what Quarto gives no `alt`; single images are compared with it.
ALT = Exclusion("img", "attribute alt", "Quarto leaves images without words unnamed; we do not")

FEATURES = (
    ("math", "index", "span.math"),
    ("links between pages", "index", "p"),
    ("sections with anchors", "index", "#first-section"),
    ("section reference", "index", "#sec-deep"),
    ("callout", "markup", "div.callout-note"),
    ("callout that folds", "markup", "div.callout-warning"),
    ("callout with a number", "markup", "#tip-one"),
    ("tabset", "markup", "div.panel-tabset"),
    ("table with a caption", "markup", "#tbl-md"),
    ("figure", "markup", "#fig-pic"),
    ("equation with a number", "markup", "#eq-mass"),
    ("citation", "markup", "span.citation"),
    ("margin column", "markup", "div.column-container"),
    ("grid", "markup", "div.grid"),
    ("footnote mark", "markup", "#fnref1"),
    ("mermaid diagram", "markup", "div.cell"),
    ("code with a copy button", "markup", "div.code-copy-outer-scaffold"),
    ("definition list", "markup", "dl"),
    ("task list", "markup", "ul.task-list"),
    ("small capitals", "markup", "span.smallcaps"),
    ("button", "markup", "a.btn"),
    ("references", "markup", "#quarto-bibliography"),
    ("footnotes", "markup", "#footnotes"),
    ("standard output and value", "outputs", "#6c3de4a3"),
    ("standard error", "outputs", "#0b640323"),
    ("warning", "outputs", "#8816177a"),
    ("error", "outputs", "#3643a177"),
    ("data frame", "outputs", "#b367cb50"),
    ("great table", "outputs", "#tbl-gt"),
    ("plot", "outputs", "#cell-fig-line"),
    ("sub-figures in a layout", "outputs", "#fig-pair"),
    ("Markdown and HTML output", "outputs", "#6450b794"),
    ("raw Markdown output", "outputs", "#markdown-and-html-output"),
    ("echo: false", "options", "#e836f7d3"),
    ("eval: false", "options", "#8e737977"),
    ("output: false", "options", "#6fe6a721"),
    ("code-fold: show, code-summary", "options", "#9fd685ed"),
    ("listing with a number", "options", "#lst-sum"),
    ("classes and column of a cell", "options", "#21edc6b5"),
    ("echo: fenced", "options", "#e0e84f17"),
    ("code-line-numbers", "options", "#3b5018a3"),
    ("tags of a cell", "options", "#fcd9d6dd"),
)
WITHOUT_ALT = ("sub-figures in a layout",)


@pytest.fixture(scope="module")
def bodies() -> dict[str, Body]:
    """Render every page of the reference once."""
    return {name: reference_body(name) for name in PAGES}


@pytest.mark.parametrize("feature, name, selector", FEATURES)
def test_feature_is_as_in_quarto(
    feature: str,
    name: str,
    selector: str,
    bodies: dict[str, Body],
    matches: list[tuple[str, str, int]],
) -> None:
    """The first element that shows a feature has the same tree in both."""
    ours, theirs = as_main(bodies[name]), reference_html(name)
    assert select(ours, selector), f"{selector} is not on our page"
    ignore = (*EXCLUSIONS, ALT) if feature in WITHOUT_ALT else EXCLUSIONS
    differences = compare(ours, theirs, selector=f"{selector}", ignore=ignore)
    matches.append((feature, f"{name} {selector}", len(differences)))
    assert not differences, "\n".join(map(str, differences))


@pytest.mark.parametrize("name", PAGES)
def test_whole_page_is_as_in_quarto(
    name: str, bodies: dict[str, Body], matches: list[tuple[str, str, int]]
) -> None:
    """Nothing but what is excluded above differs in ``<main>``."""
    differences = compare(
        as_main(bodies[name]), reference_html(name), selector="main", ignore=(*EXCLUSIONS, ALT)
    )
    matches.append(("the whole page", name, len(differences)))
    assert not differences, "\n".join(map(str, differences))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_missing(name: str, bodies: dict[str, Body]) -> None:
    """Quarto shows all of it, so there is nothing to warn of."""
    assert bodies[name].warnings == ()


@pytest.mark.parametrize("name", PAGES)
def test_contents_are_as_in_quarto(name: str, bodies: dict[str, Body]) -> None:
    """The table of contents names the same headings, as deep."""

    def flat(entries: tuple[TocEntry, ...]) -> list[tuple[str, str]]:
        return [
            line
            for entry in entries
            for line in (
                (f"#{entry.id}", html.fromstring(f"<p>{entry.html}</p>").text_content()),
                *flat(entry.children),
            )
        ]

    tree = html.document_fromstring(reference_html(name))
    theirs = [
        (link.get("href"), link.text_content().strip()) for link in tree.xpath("//*[@id='TOC']//a")
    ]
    assert flat(bodies[name].toc) == theirs


def test_title_block_is_as_in_quarto(bodies: dict[str, Body]) -> None:
    """What the template shows above the content is that of the reference."""
    home, post, markup = bodies["index"], bodies["posts/post1"], bodies["markup"]
    assert (home.title, home.subtitle, home.description) == (
        "Home",
        "A small site",
        "What the reference shows.",
    )
    assert (home.authors, home.date, home.date_iso) == (
        ("A. Nalyst",),
        "January 31, 2026",
        "2026-01-31",
    )
    assert post.categories == ("cat1", "all")
    assert markup.features == {"math", "mermaid"}
    assert markup.resources == ("pic.png",)
