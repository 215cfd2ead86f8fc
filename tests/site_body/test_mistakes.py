"""Mistakes in documents: each is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.documents.page import Page
from analysis.errors import DocumentError, Location, RenderError
from analysis.site.body import BodyContext, render_body
from tests.site_body.pages import render_text

PICTURE = "![A](pic.png){#fig-wind}\n"


def test_reference_without_target_names_line_and_closest_label(tmp_path: Path) -> None:
    """The closest label of the same kind is offered."""
    (tmp_path / "pic.png").touch()
    with pytest.raises(DocumentError) as caught:
        render_text(tmp_path, f"---\ntitle: T\n---\n\n{PICTURE}\nSee\n@fig-wnd and @fig-wind.\n")
    assert caught.value.where == Location("page.qmd", 8)
    assert caught.value.what == "the cross-reference `@fig-wnd` has no target"
    assert caught.value.hint == "did you mean `@fig-wind`?"


@pytest.mark.parametrize(
    "label", ["fig-x", "tbl-x", "lst-x", "eq-x", "sec-x", "thm-x", "tip-x", "sol-x"]
)
def test_reference_of_each_kind_needs_a_target(label: str, tmp_path: Path) -> None:
    """No kind of reference stays in the page as text."""
    with pytest.raises(DocumentError, match=label):
        render_text(tmp_path, f"See @{label}.\n")


def test_reference_in_an_included_file_is_found_there(tmp_path: Path) -> None:
    """The line is that of the file in which the reference stands."""
    (tmp_path / "_part.md").write_text("One.\n\nSee @fig-none.\n")
    (tmp_path / "page.qmd").write_text("{{< include _part.md >}}\n")
    page = Page("page.qmd", "One.\n\nSee @fig-none.\n", {})
    with pytest.raises(DocumentError) as caught:
        render_body(page, BodyContext(tmp_path, {}))
    assert caught.value.where == Location("_part.md", 3)


def test_missing_citation_is_a_warning_with_its_line(tmp_path: Path) -> None:
    """The page is made all the same."""
    (tmp_path / "refs.bib").write_text("@book{known, title={T}, author={A, B}, year={2001}}\n")
    body = render_text(tmp_path, "As @known says\nand @unknown.\n", bibliography="refs.bib")
    assert body.warnings == (
        (Location("page.qmd", 2), "the citation `@unknown` is in no bibliography"),
    )
    assert "unknown" in body.content


def test_missing_picture_is_a_warning_with_its_line(tmp_path: Path) -> None:
    """What is not there is not listed as a file to copy."""
    body = render_text(tmp_path, "Text.\n\n![A](nowhere/pic.png)\n")
    assert body.warnings == ((Location("page.qmd", 3), "there is no file `nowhere/pic.png`"),)
    assert body.resources == ()


def test_link_to_a_document_without_a_page_does_not_publish_it(tmp_path: Path) -> None:
    """Its source stays where it is; a notebook may be a download."""
    (tmp_path / "draft.qmd").touch()
    (tmp_path / "notes.ipynb").touch()
    page = Page("page.qmd", "[a](draft.qmd) [b](notes.ipynb)\n", {})
    body = render_body(page, BodyContext(tmp_path, {"page.qmd": "page.html"}))
    assert [text for _, text in body.warnings] == [
        "the link leads to `draft.qmd`, which is not a page of this site"
    ]
    assert body.resources == ("notes.ipynb",)


def test_link_to_no_page_is_a_warning_with_its_line(tmp_path: Path) -> None:
    """A document that the site does not have."""
    body = render_text(tmp_path, "Text, [a link](gone.qmd#part).\n")
    assert body.warnings == (
        (Location("page.qmd", 1), "the link leads to `gone.qmd`, which is not a page of this site"),
    )


@pytest.mark.parametrize("picture", ["../secret.png", "/../secret.png", "sub/../../secret.png"])
def test_picture_outside_the_project_is_refused(picture: str, tmp_path: Path) -> None:
    """Whether or not the file exists."""
    (tmp_path / "secret.png").touch()
    root = tmp_path / "project"
    root.mkdir()
    with pytest.raises(DocumentError, match="outside the project") as caught:
        render_text(root, f"Text.\n\n![A]({picture})\n")
    assert caught.value.where == Location("page.qmd", 3)


def test_picture_behind_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    """A symbolic link does not open the way out."""
    (tmp_path / "secret.png").touch()
    root = tmp_path / "project"
    root.mkdir()
    (root / "pic.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(DocumentError, match="out of the project"):
        render_text(root, "![A](pic.png)\n")


@pytest.mark.parametrize("key", ["bibliography", "csl"])
def test_missing_bibliography_is_told(key: str, tmp_path: Path) -> None:
    """Before pandoc would fail on it."""
    with pytest.raises(DocumentError, match=r"no file `gone\.x`"):
        render_text(tmp_path, "Text.\n", **{key: "gone.x"})


def test_bibliography_outside_the_project_is_refused(tmp_path: Path) -> None:
    """Even where the file exists."""
    (tmp_path / "refs.bib").write_text("")
    root = tmp_path / "project"
    root.mkdir()
    with pytest.raises(DocumentError, match="outside the project"):
        render_text(root, "Text.\n", bibliography="../refs.bib")


def test_failure_of_pandoc_is_told_in_its_words(tmp_path: Path) -> None:
    """With the page's name."""
    (tmp_path / "refs.bib").write_text("@book{broken, title={T\n")
    with pytest.raises(RenderError) as caught:
        render_text(tmp_path, "Text @broken.\n", bibliography="refs.bib")
    assert caught.value.where == Location("page.qmd")
    assert "refs.bib" in caught.value.what


def test_unknown_shortcode_stays_readable(tmp_path: Path) -> None:
    """As code, with a warning that names its line."""
    body = render_text(tmp_path, "One.\n\nText {{< lipsum 2 >}} text.\n")
    assert body.warnings == (
        (
            Location("page.qmd", 3),
            "the shortcode `lipsum` is not supported here; it stays in the text",
        ),
    )
    assert "<code>{{&lt; lipsum 2 &gt;}}</code>" in body.content


def test_value_that_a_shortcode_does_not_find(tmp_path: Path) -> None:
    """A missing key is a mistake of the author's, not of the renderer's."""
    body = render_text(tmp_path, "{{< meta nothing.here >}}\n")
    assert body.warnings == (
        (Location("page.qmd", 1), "the shortcode `meta` finds no value for `nothing.here`"),
    )


def test_formula_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    """The formula stays as it was written."""
    body = render_text(tmp_path, "A formula $\\frac{a$ here.\n")
    assert len(body.warnings) == 1
    assert "\\frac{a" in body.content


def test_graphviz_is_shown_as_text_with_a_warning(tmp_path: Path) -> None:
    """It is not dropped."""
    body = render_text(tmp_path, "Text.\n\n```{dot}\ngraph { a -- b }\n```\n")
    assert body.warnings == ((Location("page.qmd", 3), "Graphviz diagrams are shown as text"),)
    assert "graph" in body.content


def test_label_given_twice_is_a_warning(tmp_path: Path) -> None:
    """Both figures stay."""
    (tmp_path / "pic.png").touch()
    body = render_text(tmp_path, f"{PICTURE}\n{PICTURE}")
    assert body.warnings == (
        (Location("page.qmd", 1), "the label `fig-wind` is given twice on this page"),
    )


def test_keys_that_only_quarto_applies_are_told(tmp_path: Path) -> None:
    """With their lines, at the top level and under the format."""
    body = render_text(
        tmp_path,
        "---\ntitle: T\nfilters: [a.lua]\nformat:\n  html:\n    lightbox: true\n---\n\nA.\n",
    )
    assert body.warnings == (
        (Location("page.qmd", 3), "`filters` is applied by Quarto only; it has no effect here"),
        (Location("page.qmd", 6), "`lightbox` is applied by Quarto only; it has no effect here"),
    )


@pytest.mark.parametrize(
    "front, line, words",
    [
        ("draft: true", 2, "`draft` is applied by Quarto only"),
        ("format:\n  html:\n    grid: {}", 4, "`grid` is applied by Quarto only"),
        ("format:\n  html:\n    theme: cosmo", 4, "add styles with `css`"),
        ("author: {name: A, orcid: 1}", 2, "`orcid` of an author is not shown"),
        ("author:\n  - B\n  - name: A\n    affiliation: C", 5, "`affiliation` of an author"),
        ("crossref:\n  title-delim: '**.**'", 3, "markup in `title-delim`"),
    ],
)
def test_what_has_no_effect_is_told_with_its_line(
    front: str, line: int, words: str, tmp_path: Path
) -> None:
    """At the top level, under the format and in authors."""
    body = render_text(tmp_path, f"---\n{front}\n---\n\nA.\n")
    ((where, what),) = body.warnings
    assert where == Location("page.qmd", line)
    assert words in what


def test_what_is_turned_off_needs_no_warning(tmp_path: Path) -> None:
    """It is not there."""
    front = "code-tools: false\nformat:\n  html:\n    code-tools: false\n    embed-resources: false"
    assert render_text(tmp_path, f"---\n{front}\n---\n\nA.\n").warnings == ()


@pytest.mark.parametrize("layout", ["[[1,1", "wide", "{}", "[]"])
def test_layout_that_cannot_be_read_is_a_warning(layout: str, tmp_path: Path) -> None:
    """The parts stand below each other."""
    body = render_text(tmp_path, f'Text.\n\n::: {{layout="{layout}"}}\nOne\n\nTwo\n:::\n')
    assert body.warnings == (
        (Location("page.qmd", 3), f"the layout `{layout}` is no list of widths"),
    )
    assert body.content.count('class="quarto-layout-row"') == 2


def test_custom_float_without_key_is_told(tmp_path: Path) -> None:
    """Nothing could refer to it."""
    with pytest.raises(DocumentError, match="no `key`"):
        render_text(tmp_path, "Text.\n", crossref={"custom": [{"kind": "float"}]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "::: {.panel-tabset}\nno headings\n:::\n",
        "::: {.callout-note}\n:::\n",
        "::: {#fig-empty}\n:::\n",
        "::: {#tbl-empty .cell}\n:::\n",
        "::: {#thm-empty}\n:::\n",
        "::: {layout-ncol=2}\n:::\n",
        '::: {layout-ncol="0"}\nOne\n:::\n',
        "::: {.cell layout-ncol=2}\n``` {.python .cell-code}\nx\n```\n:::\n",
        "```{mermaid}\n```\n",
        "$$ {#eq-empty}\n",
        "<div><span>never closed\n\n::: {.never-closed}\n",
        "```{=html}\n</div></main><table><tr><td>\n```\n\nAfter.\n",
        "| a |\n|---|\n",
        "{{< >}} {{< meta",
        "[link]() ![]() [a](#) [b](?x)\n",
    ],
)
def test_odd_pages_are_rendered_all_the_same(text: str, tmp_path: Path) -> None:
    """What is empty or cut off is no reason to fail."""
    assert isinstance(render_text(tmp_path, text).content, str)
