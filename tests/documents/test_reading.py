"""Reading documents: cells, fences, options, includes, and the lines that messages name."""

from __future__ import annotations

import pytest

from analysis.documents.cells import Code, Markdown, Raw
from analysis.documents.document import Document, read_document
from analysis.errors import Location
from tests.documents.conftest import MakeProject


def cells(document: Document) -> list[Code]:
    return [block for block in document.blocks if isinstance(block, Code)]


def markdown(document: Document) -> str:
    return "\n\n".join(b.text for b in document.blocks if isinstance(b, Markdown))


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("```{python}\n1\n```\n", ["1"]),
        ("````{python}\n'''\n```\n'''\n````\n", ["'''\n```\n'''"]),
        ("```{python}\n#| echo: false\n\n1\n\n```\n", ["\n1"]),
        ("- item\n\n  ```{python}\n  if 1:\n      2\n  ```\n", ["if 1:\n    2"]),
        ("````\n```{python}\n1\n```\n````\n", []),
        ("~~~\n```{python}\n1\n```\n~~~\n", []),
        ("```{{python}}\n1\n```\n", []),
        ("```python\n1\n```\n", []),
        ("```{.python}\n1\n```\n", []),
        ("```{=html}\n<b>\n```\n", []),
        ("```{mermaid}\nA-->B\n```\n\n```{dot}\ndigraph {}\n```\n", []),
        ("a\n\n```{python}\n1\n```\n\n---\n\nb\n\n```{python}\n2\n```\n", ["1", "2"]),
        # Quarto takes no notice of a block that is only shown and never closed.
        ("```\nshown\n\n```{python}\n1\n```\n", ["1"]),
        ("```{python}\n```\n", []),
    ],
)
def test_finds_the_cells_that_run(make_project: MakeProject, text: str, sources: list[str]) -> None:
    project = make_project({"a.qmd": text})
    document = read_document(project, "a.qmd")
    assert [cell.source for cell in cells(document)] == sources
    assert document.has_code == bool(sources)
    assert document.expanded == document.text


def test_cell_in_a_list_keeps_its_indentation(make_project: MakeProject) -> None:
    project = make_project({"a.qmd": "1. item\n\n   ```{python}\n   1\n   ```\n"})
    (cell,) = cells(read_document(project, "a.qmd"))
    assert cell.indent == "   "


def test_unclosed_cell_is_text_and_a_warning(make_project: MakeProject) -> None:
    project = make_project({"a.qmd": "Text.\n\n```{python}\n1\n"})
    document = read_document(project, "a.qmd")
    assert not cells(document)
    assert markdown(document) == "Text.\n\n1"
    assert document.warnings == ((Location("a.qmd", 3), "this code cell is never closed"),)


def test_diagrams_stay_in_the_text(make_project: MakeProject) -> None:
    diagram = "```{mermaid}\n%%| label: fig-a\nA-->B\n```"
    project = make_project({"a.qmd": f"{diagram}\n\n```{{python}}\n1\n```\n"})
    assert markdown(read_document(project, "a.qmd")) == diagram


def test_options_over_several_lines(make_project: MakeProject) -> None:
    text = """\
```{python}
#| label: fig-a
#| fig-cap: >
#|   A long
#|   caption
#| fig-subcap:
#|   - "One: first"
#|   - Two
#| layout: [[1, 2], [3]]
# | echo: false
x = 1
#| not: an option
```
"""
    (cell,) = cells(read_document(make_project({"a.qmd": text}), "a.qmd"))
    assert cell.options == {
        "label": "fig-a",
        "fig-cap": "A long caption\n",
        "fig-subcap": ["One: first", "Two"],
        "layout": [[1, 2], [3]],
        "echo": False,
    }
    assert cell.source == "x = 1\n#| not: an option"
    assert cell.where == Location("a.qmd", 11)


@pytest.mark.parametrize("text", ["", "\n\n", "---\ntitle: Only\n---\n", "\ufeff"])
def test_documents_with_next_to_nothing(make_project: MakeProject, text: str) -> None:
    document = read_document(make_project({"a.qmd": text}), "a.qmd")
    assert not document.has_code
    assert document.metadata.get("title") == ("Only" if "Only" in text else None)


def test_line_ends_and_byte_order_mark_make_no_difference(make_project: MakeProject) -> None:
    text = '---\ntitle: "Ä"\n---\n\n```{python}\n#| echo: false\n1\n```\n'
    files = {"a.qmd": text, "b.qmd": "\ufeff" + text.replace("\n", "\r\n")}
    project = make_project({name: content.encode() for name, content in files.items()})
    a, b = (read_document(project, name) for name in files)
    assert a.text == b.text
    assert a.quarto_hash == b.quarto_hash
    assert a.metadata == b.metadata
    assert [cell.source for cell in cells(b)] == ["1"]


def test_rule_at_the_top_is_no_front_matter(make_project: MakeProject) -> None:
    document = read_document(make_project({"a.qmd": "---\n\ntext: more\n\n---\n"}), "a.qmd")
    assert not any(isinstance(block, Raw) for block in document.blocks)
    assert "text" not in document.metadata


def test_heading_becomes_the_title_of_a_document_with_cells(make_project: MakeProject) -> None:
    body = "# The heading {#sec-x}\n\nText.\n\n```{python}\n1\n```\n"
    project = make_project(
        {"a.qmd": body, "b.qmd": f"---\ntitle: Own\n---\n\n{body}", "c.qmd": f"Before.\n\n{body}"}
    )
    titled, own, later = (read_document(project, f"{name}.qmd") for name in "abc")
    assert titled.metadata["title"] == "The heading"
    assert markdown(titled) == "Text."
    assert titled.blocks[0] == Raw("---\ntitle: The heading\n---", Location("a.qmd", 1))
    assert own.metadata["title"] == "Own"
    assert "The heading" in markdown(own)
    assert "title" not in later.metadata


def test_unknown_options_are_named_with_their_lines(make_project: MakeProject) -> None:
    text = """\
---
title: A
execute:
  echo: false
  warnings: false
---

```{python echo=FALSE}
#| eco: false
#| label: fig-a
1
```
"""
    document = read_document(make_project({"a.qmd": text}), "a.qmd")
    found = {(where.line, message) for where, message in document.warnings}
    assert found == {
        (5, "unknown key `execute: warnings`, did you mean `warning`?"),
        (8, "`echo=FALSE` in the braces has no effect; use `#|` lines"),
        (9, "unknown cell option `eco`, did you mean `echo`?"),
    }


def test_every_option_of_the_reference_is_known(make_project: MakeProject) -> None:
    from analysis.project import open_project
    from tests.documents.test_quarto_reference import REFERENCE

    project = open_project(REFERENCE / "site")
    assert [read_document(project, source).warnings for source in project.documents] == [()] * len(
        project.documents
    )


@pytest.mark.parametrize(
    "name", ["Übersicht.qmd", "what's new.qmd", "a b/c d.qmd", "posts/2026-05-01 - Ä/index.qmd"]
)
def test_names_with_spaces_umlauts_and_apostrophes(make_project: MakeProject, name: str) -> None:
    project = make_project(
        {name: "{{< include part.md >}}\n", "part.md": "no", "a b/part.md": "no"}
    )
    (project.root / name).with_name("part.md").write_text("included\n")
    document = read_document(project, name)
    assert document.source == name
    assert markdown(document) == "included"


def test_kernel_is_read_from_any_level(make_project: MakeProject) -> None:
    project = make_project(
        {
            "a.qmd": "text",
            "b.qmd": "---\njupyter: other\n---\n",
            "c.qmd": "---\njupyter:\n  kernelspec:\n    name: third\n---\n",
        }
    )
    kernels = [read_document(project, f"{name}.qmd").kernel for name in "abc"]
    assert kernels == ["python3", "other", "third"]


def test_execution_can_be_switched_off(make_project: MakeProject) -> None:
    cell = "\n\n```{python}\n1\n```\n"
    project = make_project(
        {
            "a.qmd": f"---\nexecute:\n  enabled: false\n---{cell}",
            "b.qmd": f"---\nexecute: false\n---{cell}",
            "c.qmd": f"---\nengine: markdown\n---{cell}",
        }
    )
    assert not any(read_document(project, f"{name}.qmd").has_code for name in "abc")
