"""Documents as notebooks: parameters, stable ids, and ``.ipynb`` files as documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.documents.document import read_document
from analysis.documents.kernels import KernelServer
from analysis.documents.notebook import CellPlan, to_notebook
from analysis.documents.pages import to_page
from analysis.errors import DocumentError, Location
from tests.documents.conftest import MakeProject
from tests.documents.running import execute

PARAMETERS = """\
---
title: Month
---

```{python}
#| tags: [parameters, kept]
#| label: defaults
#| echo: false
month = 1
name = "x"
```

It is `{python} month` for `{python} name`.
"""
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def notebook_file(*cells: dict[str, Any]) -> str:
    """Write a notebook as Jupyter saves it."""
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}}
    value = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(value, indent=1)


def code_cell(*lines: str, **more: Any) -> dict[str, Any]:
    """Write a code cell that has printed ``saved``."""
    output = {"output_type": "stream", "name": "stdout", "text": ["sa", "ved\n"]}
    cell = {"cell_type": "code", "execution_count": 7, "id": "abc", "metadata": {}}
    return {**cell, "outputs": [output], "source": list(lines), **more}


FRONT = {"cell_type": "raw", "id": "f", "metadata": {}, "source": ["---\n", "title: N\n", "---"]}
TEXT = {
    "cell_type": "markdown",
    "id": "t",
    "metadata": {},
    "source": ["Value ", "`{python} 6 * 7`"],
}
LABELLED = ("#| label: fig-a\n", "print('ran')\n", "1 + 1")


def test_parameters_follow_their_defaults(make_project: MakeProject, kernels: KernelServer) -> None:
    project = make_project({"a.qmd": PARAMETERS})
    page = execute(project, "a.qmd", kernels, {"month": 2, "name": "it's"})
    assert "It is 2 for it's." in page.markdown
    assert """tags='["injected-parameters","kept"]'""" not in page.markdown  # nothing to show
    shown = make_project({"b.qmd": PARAMETERS.replace("#| echo: false\n", "")})
    page = execute(shown, "b.qmd", kernels, {"month": 2})
    assert "# Injected Parameters\nmonth = 2\n" in page.markdown
    assert """tags='["injected-parameters","kept"]' execution_count=2""" in page.markdown
    assert page.markdown.count("#cell-defaults") == 0  # the label went to the first cell alone
    assert page.markdown.count("{#defaults .cell") == 1


def test_ids_depend_on_content_and_not_on_place(make_project: MakeProject) -> None:
    one, two = "```{python}\n1\n```\n", "```{python}\n2\n```\n"
    project = make_project({"a.qmd": one + two + one, "b.qmd": one})
    first = to_notebook(read_document(project, "a.qmd"))
    assert first == to_notebook(read_document(project, "a.qmd"))
    ids = [cell.id for cell in first.cells]
    assert len(set(ids)) == 3
    (project.root / "a.qmd").write_text("Text.\n\n" + two + one + one)
    moved = [cell.id for cell in to_notebook(read_document(project, "a.qmd")).cells]
    assert moved[1:] == [ids[1], ids[0], ids[2]]
    assert to_notebook(read_document(project, "b.qmd")).cells[0].id not in ids


def test_plans_survive_the_notebook(make_project: MakeProject) -> None:
    text = (
        "x `{python} 1`\n\n```{python}\n#| eval: false\n#| error: true\n#| k: 2026-01-01\n1\n```\n"
    )
    cells = to_notebook(read_document(make_project({"a.qmd": text}), "a.qmd")).cells
    inline, code = (CellPlan.of(cell) for cell in cells if cell.cell_type == "code")
    assert (inline.inline, inline.eval, inline.where) == (True, True, Location("a.qmd", 1))
    assert (code.inline, code.eval, code.error) == (False, False, True)
    assert code.where == Location("a.qmd", 7)
    assert json.loads(json.dumps(cells[2].metadata["analysis"])) == code.to_metadata()


def test_notebook_shows_what_it_has_saved(make_project: MakeProject) -> None:
    picture = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "![p](attachment:p.png)",
        "attachments": {"p.png": {"image/png": PIXEL}},
    }
    text = notebook_file(FRONT, TEXT, code_cell(*LABELLED), picture)
    project = make_project({"a.ipynb": text})
    document = read_document(project, "a.ipynb")
    assert (document.has_code, document.kernel) == (False, "python3")
    page = to_page(project, document, None)
    assert page.metadata["title"] == "N"
    assert "::: {#fig-a .cell execution_count=7}" in page.markdown
    assert "saved" in page.markdown
    assert "`{python} 6 * 7`" in page.markdown
    (figure,) = page.figures
    assert f"]({figure})" in page.markdown
    assert page.figures[figure].read_bytes().startswith(b"\x89PNG")


def test_notebook_is_executed_where_it_asks_for_it(
    make_project: MakeProject, kernels: KernelServer
) -> None:
    front = {**FRONT, "cell_type": "markdown", "source": "---\nexecute:\n  enabled: true\n---\n# T"}
    text = notebook_file(code_cell("x = 1"), front, TEXT, code_cell(*LABELLED, "\n", "!false"))
    project = make_project({"a.ipynb": text, "b.ipynb": notebook_file(FRONT, TEXT)})
    document = read_document(project, "a.ipynb")
    assert document.has_code
    assert document.metadata["title"] == "T"
    assert not read_document(project, "b.ipynb").has_code
    markdown = execute(project, "a.ipynb", kernels).markdown
    assert markdown.startswith("---\ntitle: T\nexecute:\n  enabled: true\n---\n")
    assert "Value 42" in markdown
    assert "saved" not in markdown
    assert "ran\n" in markdown


def test_error_in_a_notebook_names_the_cell(make_project: MakeProject) -> None:
    text = notebook_file(FRONT, code_cell("1"), code_cell("#| a: [\n", "1"))
    lines = text.splitlines()
    beginnings = [n for n, line in enumerate(lines, 1) if '"cell_type": "code"' in line]
    project = make_project({"a.ipynb": text})
    with pytest.raises(DocumentError, match="in the cell's options") as caught:
        read_document(project, "a.ipynb")
    assert caught.value.where == Location("a.ipynb", beginnings[1])


def test_unexecuted_page_shows_its_code(make_project: MakeProject) -> None:
    text = "---\nexecute:\n  enabled: false\n---\n\nA `{python} 1`.\n\n```{python}\n1\n```\n"
    project = make_project({"a.qmd": text})
    markdown = to_page(project, read_document(project, "a.qmd"), None).markdown
    assert "``` {.python .cell-code}\n1\n```" in markdown
    assert "execution_count" not in markdown
    assert "A `{python} 1`." in markdown
