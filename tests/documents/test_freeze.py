"""The freeze on disk: what was written is read again, and nothing else is left or touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.documents.document import Document, read_document
from analysis.documents.freeze import Frozen, frozen_dir, read_frozen, write_frozen
from analysis.documents.pages import to_page
from analysis.project import Project
from tests.documents.conftest import MakeProject

SOURCES = ["index.qmd", "a b/what's ü.qmd", "a/b/c.ipynb"]
TEXTS = ["", "# Ä\n", '"quotes" \\ \u2028 \x1b \x00 \U0001f600\n', "a\r\nb"]


def document_at(project: Project, source: str) -> Document:
    front, code = "---\nexecute:\n  enabled: true\n---", "```{python}\n1\n```"
    cells = [{"cell_type": "raw", "source": front}, {"cell_type": "code", "source": "1"}]
    text = json.dumps({"cells": cells}) if source.endswith(".ipynb") else f"{front}\n\n{code}\n"
    (project.root / source).parent.mkdir(parents=True, exist_ok=True)
    (project.root / source).write_text(text)
    return read_document(project, source)


def files_below(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Read all files with the number that changes when one is written anew."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("head", [(), ("<script></script>", "<b>")])
@pytest.mark.parametrize("count", [0, 2])
def test_round_trip(
    make_project: MakeProject, source: str, text: str, head: tuple[str, ...], count: int
) -> None:
    project = make_project({})
    document = document_at(project, source)
    stem = Path(source).stem
    names = [f"{stem}_files/figure-html/cell-{number}.png" for number in range(count)]
    frozen = Frozen(text, tuple((name, name.encode()) for name in names), head)
    write_frozen(project, document, frozen)
    assert read_frozen(project, source) == frozen
    before = files_below(project.freeze_dir)
    write_frozen(project, document, frozen)
    assert files_below(project.freeze_dir) == before
    page = to_page(project, document, frozen)
    folder = Path(source).parent
    assert list(page.figures) == [(folder / name).as_posix() for name in names]
    assert all(path.read_bytes() for path in page.figures.values())


def test_stale_figures_go_and_strange_files_stay(make_project: MakeProject) -> None:
    project = make_project({})
    document = document_at(project, "a.qmd")
    folder = frozen_dir(project, "a.qmd")
    one, two = (("a_files/figure-html/1.png", b"1"), ("a_files/figure-html/2.png", b"2"))
    write_frozen(project, document, Frozen("x", (one, two)))
    (folder / "inputs.json").write_text("{}")
    write_frozen(project, document, Frozen("x", (two,)))
    assert [path.name for path in (folder / "figure-html").iterdir()] == ["2.png"]
    write_frozen(project, document, Frozen("x"))
    assert not (folder / "figure-html").exists()
    assert (folder / "inputs.json").exists()


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "null", '{"hash": "x"}', '{"result": {"markdown": 1}}', '{"result": []}',
     '{"result": {"markdown": "", "includes": {"include-in-header": 1}}}',
     '{"result": {"markdown": "", "includes": []}}', "<<<<<<< ours\n{}\n=======\n"],
)  # fmt: skip
def test_damaged_result_counts_as_none(make_project: MakeProject, damage: str) -> None:
    project = make_project({})
    write_frozen(project, document_at(project, "a.qmd"), Frozen("x"))
    path = frozen_dir(project, "a.qmd") / "execute-results" / "html.json"
    assert json.loads(path.read_text())["result"]["markdown"] == "x"
    path.write_text(damage)
    assert read_frozen(project, "a.qmd") is None


def test_left_result_of_a_page_without_code_does_not_count(make_project: MakeProject) -> None:
    project = make_project({"a.qmd": "Now.\n", "b.qmd": "Now.\n\n```{python}\n1\n```\n"})
    plain, coded = (read_document(project, name) for name in ("a.qmd", "b.qmd"))
    assert to_page(project, plain, Frozen("old")).markdown == "Now.\n"
    assert to_page(project, coded, Frozen("old")).markdown == "old"


def test_missing_result_counts_as_none(make_project: MakeProject) -> None:
    assert read_frozen(make_project({}), "a.qmd") is None
