"""Metadata of a document: four levels, merged as Quarto merges them."""

from __future__ import annotations

import pytest

from analysis.documents.document import read_document
from tests.documents.conftest import MakeProject

QUARTO_YML = """\
project:
  type: website
website:
  title: Site
title: site
format:
  html:
    toc: true
    css: styles.css
execute:
  echo: false
  warning: false
"""


def test_three_folders_deep(make_project: MakeProject) -> None:
    project = make_project(
        {
            "_quarto.yml": QUARTO_YML,
            "styles.css": "",
            "_metadata.yml": "author: root\ncategories: [a]\nlevel: 0\n",
            "x/_metadata.yml": "categories: [b, a]\nlevel: 1\nbibliography: refs.bib\n",
            "x/refs.bib": "",
            "x/y/z/_metadata.yaml": "execute:\n  warning: true\ncategories: c\nlevel: 3\n",
            "x/y/z/a.qmd": "---\ntitle: own\nformat:\n  html: {toc: false, css: [own.css]}\n---\n",
        }
    )
    document = read_document(project, "x/y/z/a.qmd")
    metadata = document.metadata
    assert metadata["title"] == "own"
    assert metadata["author"] == "root"
    assert metadata["level"] == 3
    assert metadata["categories"] == ["a", "b", "c"]
    assert metadata["toc"] is False
    assert metadata["css"] == ["../../../styles.css", "own.css"]
    assert metadata["bibliography"] == ["../../refs.bib"]
    assert metadata["website"] == {"title": "Site"}
    assert "project" not in metadata
    assert (document.execute.echo, document.execute.warning) == (False, True)
    assert document.metadata_files == ("_metadata.yml", "x/_metadata.yml", "x/y/z/_metadata.yaml")


def test_metadata_files_count_below_what_names_them(make_project: MakeProject) -> None:
    project = make_project(
        {
            "a.qmd": "---\nmetadata-files: [_more.yml]\nlang: de\n---\n",
            "_more.yml": "lang: en\nauthor: more\n",
        }
    )
    document = read_document(project, "a.qmd")
    assert (document.metadata["lang"], document.metadata["author"]) == ("de", "more")
    assert document.metadata_files == ("_more.yml",)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("execute:\n  timeout: 30\n", 30),
        ("format:\n  html:\n    execute:\n      timeout: 20\n", 20),
        ("title: a\n", None),
    ],
)
def test_timeout(make_project: MakeProject, front: str, expected: float | None) -> None:
    document = read_document(make_project({"a.qmd": f"---\n{front}---\n"}), "a.qmd")
    assert document.execute.timeout == expected


def test_execute_keys_also_count_at_the_top_level(make_project: MakeProject) -> None:
    text = "---\nfig-width: 3\nformat:\n  html:\n    echo: fenced\n---\n"
    execute = read_document(make_project({"a.qmd": text}), "a.qmd").execute
    assert (execute.fig_width, execute.echo) == (3, "fenced")
