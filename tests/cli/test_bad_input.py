"""Each mistake of a user: one message with file and line, the right exit code, nothing damaged."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.helpers.projects import QUARTO_YML, analysis, snapshot, write_project

GOOD = "---\ntitle: Home\n---\n\n```{python}\n1 + 1\n```\n"

SOURCES = """\
sources:
  numbers:
    description: Numbers
    kind: csv
    path: data/raw/numbers.csv
    columns:
      n: {type: INTEGER, description: A number}
"""


@dataclass(frozen=True)
class Case:
    """Files that break a working project, and what the user is told."""

    files: dict[str, str | bytes]
    code: int
    says: tuple[str, ...]
    arguments: tuple[str, ...] = ("publish",)
    keeps: tuple[str, ...] = field(default=("published", "_freeze", "data"))


def cell(body: str, front: str = "") -> dict[str, str | bytes]:
    """Write the page ``page.qmd`` with one cell, which begins on line 6."""
    front = front or "title: Page"
    return {"page.qmd": f"---\n{front}\n---\n\n```{{python}}\n{body}\n```\n"}


CASES = {
    "front matter": Case({"page.qmd": "---\ntitle: [a\n---\n"}, 2, ("page.qmd:", "YAML")),
    "project file": Case(
        {"_quarto.yml": "project:\n  type: website\n bad: 1\n"}, 2, ("_quarto.yml:3",)
    ),
    "metadata file": Case({"_metadata.yml": "a: {b\n"}, 2, ("_metadata.yml:", "YAML")),
    "cell options": Case(cell("#| label: [x\n1"), 2, ("page.qmd:6",)),
    "unknown source key": Case(
        {"data/sources.yml": SOURCES.replace("path:", "pth:")}, 2, ("sources.yml:5", "pth", "path")
    ),
    "missing source": Case(
        {"data/sources.yml": SOURCES.replace("numbers.csv", "no.csv")}, 2, ("no.csv",)
    ),
    "empty source": Case({"data/raw/numbers.csv": b""}, 2, ("numbers.csv", "empty")),
    "truncated source": Case(
        {
            "data/sources.yml": SOURCES.replace("numbers.csv", "numbers.csv.gz"),
            "data/raw/numbers.csv.gz": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03cut",
        },
        2,
        ("numbers.csv.gz",),
    ),
    "other columns": Case({"data/raw/numbers.csv": "m\n1\n"}, 2, ("numbers.csv", "`n`")),
    "wrong type": Case(
        {"data/raw/numbers.csv": "n\n1\nfour\n"}, 2, ("numbers.csv:3", "four", "INTEGER")
    ),
    "source outside": Case(
        {"data/sources.yml": SOURCES.replace("data/raw/numbers.csv", "../numbers.csv")},
        2,
        ("sources.yml:", "outside"),
    ),
    "raises": Case(
        cell("x = 1\nraise ValueError('no luck')"), 1, ("page.qmd:7", "ValueError", "no luck")
    ),
    "kills its kernel": Case(
        cell("import os\nos.kill(os.getpid(), 9)"), 1, ("page.qmd:6", "kernel")
    ),
    "never ends": Case(
        cell("while True: pass"), 1, ("page.qmd:6", "2 s"), ("publish", "--timeout", "2")
    ),
    "own timeout": Case(
        cell("while True: pass", "title: Page\nexecute:\n  timeout: 2"), 1, ("page.qmd:8", "2 s")
    ),
    "r cell": Case({"page.qmd": "Text\n\n```{r}\n1\n```\n"}, 2, ("page.qmd:3", "`r`")),
    "julia cell": Case({"page.qmd": "```{julia}\n1\n```\n"}, 2, ("page.qmd:1", "`julia`")),
    "missing include": Case(
        {"page.qmd": "A\n\n{{< include no.md >}}\n"}, 2, ("page.qmd:3", "no.md")
    ),
    "includes itself": Case(
        {"page.qmd": "{{< include page.qmd >}}\n"}, 2, ("page.qmd:1", "page.qmd")
    ),
    "include outside": Case(
        {"page.qmd": "{{< include ../up.md >}}\n"}, 2, ("page.qmd:1", "outside")
    ),
    "no such target": Case({"page.qmd": "One\n\nSee @fig-none.\n"}, 2, ("page.qmd:3", "@fig-none")),
    "one output twice": Case(
        {"page.qmd": "---\noutput-file: index.html\n---\n"},
        2,
        ("index.qmd", "page.qmd", "index.html"),
    ),
    "render outside": Case(
        {"_quarto.yml": QUARTO_YML.replace("type: website", "type: website\n  render: [../x.qmd]")},
        2,
        ("_quarto.yml:3", "outside"),
    ),
    "no such page": Case({}, 2, ("pag.qmd", "page.qmd"), ("run", "pag.qmd")),
    "no project": Case({}, 2, ("_quarto.yml",), ("publish", "/")),
    "unknown option": Case({}, 2, ("--rendere",), ("publish", "--rendere")),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a working project once; the cases break copies of it."""
    root = write_project(
        tmp_path_factory.mktemp("good"),
        {
            "index.qmd": GOOD,
            "page.qmd": "---\ntitle: Page\n---\n\nFine.\n",
            "data/sources.yml": SOURCES,
            "data/raw/numbers.csv": "n\n1\n2\n",
        },
    )
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.err
    return root


@pytest.mark.parametrize("name", CASES)
def test_bad_input(name: str, good: Path, tmp_path: Path) -> None:
    """The message names place and remedy, and the last release stays readable."""
    import shutil

    case = CASES[name]
    root = tmp_path / "project"
    shutil.copytree(good, root, symlinks=True)
    write_project(root, {"_quarto.yml": (good / "_quarto.yml").read_bytes(), **case.files})
    before = snapshot(root, "data", "_freeze")
    current = (root / "published" / "current").readlink()

    outcome = analysis(root, *case.arguments)

    told = outcome.out + outcome.err
    assert outcome.code == case.code, told
    for words in case.says:
        assert words in told
    assert "Traceback" not in told
    assert snapshot(root, "data", "_freeze") == before
    assert (root / "published" / "current" / "index.html").is_file()
    if case.code == 2:
        assert (root / "published" / "current").readlink() == current
