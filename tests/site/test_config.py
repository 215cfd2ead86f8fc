"""What ``_quarto.yml`` says of the site, and what is wrong or unsupported in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ProjectError
from analysis.project import Project, open_project
from analysis.site.config import read_site
from tests.helpers.projects import write_project


def _project(root: Path, website: str, **files: str) -> Project:
    config = "project:\n  type: website\nwebsite:\n  title: Tiny\n" + website
    return open_project(write_project(root, {"_quarto.yml": config, "index.qmd": "Hi\n", **files}))


def test_reads_navbar_sidebar_and_footer(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """\
  navbar:
    title: Brand
    left:
      - index.qmd
      - text: More
        menu:
          - href: index.qmd
            text: Start
          - text: "---"
          - https://example.org
    right:
      - icon: github
        href: https://example.org
        aria-label: Source
  sidebar:
    style: docked
    contents:
      - section: Part
        contents: [index.qmd, notes.pdf]
  page-footer: "Made with *care*"
""",
        **{"notes.pdf": "PDF"},
    )
    site = read_site(project)
    assert site.warnings == ()
    assert site.navbar is not None
    assert site.navbar.title == "Brand"
    first, menu = site.navbar.left
    assert first.source == "index.qmd"
    assert menu.items is not None
    assert [item.is_separator for item in menu.items] == [False, True, False]
    assert menu.items[2].href == "https://example.org"
    assert site.navbar.right[0].label == "Source"
    (sidebar,) = site.sidebars
    assert sidebar.contents[0].items is not None
    assert sidebar.contents[0].items[1].href == "notes.pdf"
    assert site.footer.center == "Made with *care*"


def test_a_link_to_no_document_names_its_line(tmp_path: Path) -> None:
    project = _project(
        tmp_path, "  navbar:\n    left:\n      - href: gone.qmd\n        text: Gone\n"
    )
    with pytest.raises(ProjectError, match=r"`gone\.qmd` is not a document") as caught:
        read_site(project)
    assert str(caught.value.where) == "_quarto.yml:7"


def test_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("s")
    project = _project(tmp_path / "project", "  navbar:\n    left:\n      - href: ../secret.txt\n")
    with pytest.raises(ProjectError, match="outside the project") as caught:
        read_site(project)
    assert str(caught.value.where) == "_quarto.yml:7"


def test_a_missing_logo_names_its_line(tmp_path: Path) -> None:
    project = _project(tmp_path, "  favicon: gone.png\n")
    with pytest.raises(ProjectError, match=r"no file `gone\.png`") as caught:
        read_site(project)
    assert str(caught.value.where) == "_quarto.yml:5"


def test_a_favicon_on_another_host_is_refused(tmp_path: Path) -> None:
    project = _project(tmp_path, "  favicon: https://example.org/icon.png\n")
    with pytest.raises(ProjectError, match="another host"):
        read_site(project)


def test_each_unsupported_key_gives_one_warning_with_its_line(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """\
  reader-mode: true
  comments:
    giscus: {}
  navbar:
    background: primary
    left:
      - text: Home
        href: index.qmd
        colour: red
format:
  html:
    theme: cosmo
    grid: {}
    toc: true
  pdf: default
""",
    )
    lines = [warning.split(" ")[0] for warning in read_site(project).warnings]
    assert sorted(lines) == [f"_quarto.yml:{n}:" for n in (13, 16, 17, 19, 5, 6, 9)]


def test_what_is_dropped_is_named(tmp_path: Path) -> None:
    project = _project(
        tmp_path,
        """\
  repo-url: https://example.org
  navbar:
    left:
      - sidebar:guide
      - text: The guide
        href: sidebar:guide
filters: [a.lua]
""",
    )
    site = read_site(project)
    assert sorted(int(warning.split(":")[1]) for warning in site.warnings) == [5, 8, 10, 11]
    assert site.navbar is not None
    assert [item.text for item in site.navbar.left] == ["guide", "The guide"]


def test_what_a_folder_asks_in_vain_is_named_once(tmp_path: Path) -> None:
    files = {
        "part/a.qmd": "A\n",
        "part/deep/b.qmd": "B\n",
        "part/_metadata.yml": "toc: true\ndraft: true\n",
    }
    warnings = read_site(_project(tmp_path, "", **files)).warnings
    assert [warning.partition(": ")[0] for warning in warnings] == ["part/_metadata.yml:2"]


@pytest.mark.parametrize("line", ["  navbar: 3\n", "  sidebar:\n    contents: 3\n"])
def test_a_value_of_the_wrong_shape_is_a_mistake_of_the_project(tmp_path: Path, line: str) -> None:
    with pytest.raises(ProjectError):
        read_site(_project(tmp_path, line))
