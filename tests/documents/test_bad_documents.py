"""What a user gets wrong in a document: one message with file, line and what to do."""

from __future__ import annotations

import pytest

from analysis.documents.document import read_document
from analysis.documents.notebook import to_notebook
from analysis.errors import AnalysisError, DocumentError
from tests.documents.conftest import MakeProject

BAD = {
    "front matter": ({"a.qmd": "---\ntitle: x\nbad: [1,\n---\n"}, "a.qmd:4", "not valid YAML"),
    "front matter as a list": ({"a.qmd": "---\n- a\n- b\n---\n"}, "a.qmd:1", "keys with values"),
    "key twice": ({"a.qmd": "---\ntitle: x\ntitle: y\n---\n"}, "a.qmd:3", "second time"),
    "folder metadata": (
        {"a.qmd": "x", "_metadata.yml": "a: 1\nb: [\n"},
        "_metadata.yml:3",
        "not valid YAML",
    ),
    "cell options": (
        {"a.qmd": "Text.\n\n```{python}\n#| label: a\n#| fig-cap: [x\n1\n```\n"},
        "a.qmd:5",
        "in the cell's options",
    ),
    "cell options of another kind": (
        {"a.qmd": "```{python}\n#| echo false\n1\n```\n"},
        "a.qmd:2",
        "keys with values",
    ),
    "cell options in an include": (
        {"a.qmd": "x\n\n{{< include b.md >}}\n", "b.md": "\n```{python}\n#| a: 'b\n1\n```\n"},
        "b.md:3",
        "in the cell's options",
    ),
    "missing include": (
        {"a.qmd": "x\n\n{{< include gone.md >}}\n"},
        "a.qmd:3",
        "no file `gone.md`",
    ),
    "missing include in an include": (
        {"a.qmd": "{{< include b.md >}}\n", "b.md": "x\n{{< include gone.md >}}\n"},
        "b.md:2",
        "no file `gone.md`",
    ),
    "include of nothing": ({"a.qmd": "{{< include >}}\n"}, "a.qmd:1", "names no file"),
    "include of itself": ({"a.qmd": "x\n{{< include a.qmd >}}\n"}, "a.qmd:2", "a.qmd → a.qmd"),
    "circle of includes": (
        {
            "a.qmd": "{{< include b.md >}}\n",
            "b.md": "x\n\n{{< include c.md >}}\n",
            "c.md": "{{< include b.md >}}\n",
        },
        "c.md:1",
        "b.md → c.md → b.md",
    ),
    "include from outside": (
        {"a.qmd": "{{< include ../../secret.md >}}\n"},
        "a.qmd:1",
        "outside the project",
    ),
    "cell in R": ({"a.qmd": "x\n\n```{r}\n1\n```\n"}, "a.qmd:3", "only Python"),
    "cell in Julia": ({"a.qmd": "```{julia}\n#| a: b\n1\n```\n"}, "a.qmd:1", "only Python"),
    "label used twice": (
        {"a.qmd": "```{python}\n#| label: t\n1\n```\n\n```{python}\n#| label: t\n1\n```\n"},
        "a.qmd:6",
        "used twice; first at a.qmd:1",
    ),
    "timeout": ({"a.qmd": "---\nexecute:\n  timeout: soon\n---\n"}, "a.qmd:3", "positive number"),
    "not UTF-8": ({"a.qmd": "ok\nfür\n".encode("latin-1")}, "a.qmd:2", "not UTF-8"),
    "not there": ({}, "a.qmd", "No such file"),
    "notebook that is no JSON": ({"a.ipynb": '{"cells":\n ['}, "a.ipynb:2", "not valid JSON"),
    "notebook without cells": ({"a.ipynb": "{}"}, "a.ipynb:1", "no cells"),
    "notebook in R": (
        {"a.ipynb": '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}'},
        "a.ipynb:1",
        "only Python",
    ),
}


@pytest.mark.parametrize(("files", "where", "what"), BAD.values(), ids=BAD.keys())
def test_message_names_file_line_and_problem(
    make_project: MakeProject, files: dict[str, str | bytes], where: str, what: str
) -> None:
    project = make_project(files)
    source = next(iter(files), "a.qmd")
    with pytest.raises(AnalysisError) as caught:
        read_document(project, source)
    assert str(caught.value.where) == where
    assert what in caught.value.what


def test_parameters_need_a_tagged_cell(make_project: MakeProject) -> None:
    project = make_project({"a.qmd": "```{python}\nmonth = 1\n```\n"})
    with pytest.raises(DocumentError, match="takes no parameters"):
        to_notebook(read_document(project, "a.qmd"), {"month": 2})
