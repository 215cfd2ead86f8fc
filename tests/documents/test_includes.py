"""Included files: their place in the text, and the lines that messages name."""

from __future__ import annotations

from analysis.documents.cells import Code, Markdown
from analysis.documents.document import read_document
from analysis.documents.inline import expressions
from analysis.errors import Location
from tests.documents.conftest import MakeProject


def test_includes_within_includes_keep_file_and_line(make_project: MakeProject) -> None:
    project = make_project(
        {
            "chapters/a.qmd": "---\na: b\n---\n\n{{< include _one.qmd >}}\n\nAfter `{python} x`.\n",
            "chapters/_one.qmd": 'One.\n\n{{< include "/shared/_two.qmd" >}}\n\nOne: `{python} y`.',
            "shared/_two.qmd": "Two.\n\n```{python}\n#| label: fig-a\nx = 1\n```\n",
        }
    )
    document = read_document(project, "chapters/a.qmd")
    (cell,) = (block for block in document.blocks if isinstance(block, Code))
    assert cell.where == Location("shared/_two.qmd", 5)
    assert cell.fence == Location("shared/_two.qmd", 3)
    before, after = (block for block in document.blocks if isinstance(block, Markdown))
    assert [str(line.where) for line in before.lines if line.text] == [
        "chapters/_one.qmd:1",
        "shared/_two.qmd:1",
    ]
    assert [(found.code, str(found.where)) for found in expressions(after)] == [
        ("y", "chapters/_one.qmd:5"),
        ("x", "chapters/a.qmd:7"),
    ]
    assert document.includes == ("chapters/_one.qmd", "shared/_two.qmd")
    assert "include" not in document.expanded


def test_paths_are_relative_to_the_including_document(make_project: MakeProject) -> None:
    project = make_project(
        {
            "a.qmd": "{{< include parts/_one.md >}}\n",
            "parts/_one.md": "{{< include parts/_two.md >}}\n",
            "parts/_two.md": "Two.\n",
        }
    )
    document = read_document(project, "a.qmd")
    assert document.expanded.split() == ["Two."]


def test_same_file_twice_is_no_circle(make_project: MakeProject) -> None:
    include = "{{< include _part.md >}}\n"
    project = make_project({"a.qmd": f"{include}\n{include}", "_part.md": "Part.\n"})
    document = read_document(project, "a.qmd")
    assert document.expanded.split() == ["Part.", "Part."]
    assert document.includes == ("_part.md",)


def test_what_is_shown_and_not_meant_stays(make_project: MakeProject) -> None:
    text = "{{{< include a >}}}\n\n{{</* include b */>}}\n\nIn {{< include c >}} a line.\n"
    document = read_document(make_project({"a.qmd": text}), "a.qmd")
    assert document.expanded == text


def test_plain_page_is_its_expanded_text(make_project: MakeProject) -> None:
    from analysis.documents.pages import to_page

    project = make_project(
        {"a.qmd": "A {{< meta title >}}\n\n{{< include b.md >}}\n", "b.md": "B\n"}
    )
    page = to_page(project, read_document(project, "a.qmd"), None)
    assert page.markdown == "A {{< meta title >}}\n\nB\n\n"
    assert not page.figures
    assert not project.freeze_dir.exists()
