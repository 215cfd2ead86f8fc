"""The reference site as pages, and what the embedded renderer makes of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from analysis.documents.page import Page
from analysis.project import Project, open_project
from analysis.site.embedded import EmbeddedRenderer
from analysis.site.renderer import RenderedSite
from tests.helpers.projects import write_project

REFERENCE = Path(__file__).parents[1] / "quarto_reference"

Render = Callable[..., RenderedSite]


def read_pages(project: Project) -> list[Page]:
    """Take each document as it stands: pages without cells need no execution."""
    pages = []
    for source in project.documents:
        text = (project.root / source).read_text(encoding="utf-8")
        front = yaml.safe_load(text.split("---\n")[1]) if text.startswith("---\n") else {}
        pages.append(Page(source, text, {**project.metadata, **front}))
    return pages


def reference_pages(project: Project) -> list[Page]:
    """Give the reference's pages as Quarto itself executed them."""
    shared = (project.root / "_shared.md").read_text(encoding="utf-8")
    pages = []
    for page in read_pages(project):
        name = page.source.removesuffix(".qmd")
        frozen = REFERENCE / "freeze" / name / "execute-results" / "html.json"
        text = json.loads(frozen.read_text())["result"]["markdown"] if frozen.exists() else None
        figures = {
            f"outputs_files/figure-html/{stem}.png": project.root / "pic.png"
            for stem in ("fig-line-output-1", "fig-pair-output-1", "fig-pair-output-2")
            if page.source == "outputs.qmd"
        }
        markdown = (text or page.markdown).replace("{{< include _shared.md >}}", shared)
        pages.append(replace(page, markdown=markdown, figures=figures))
    return pages


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> RenderedSite:
    """Render the reference site once."""
    # A copy: rendering keeps what it made beside the project.
    copy = shutil.copytree(REFERENCE / "site", tmp_path_factory.mktemp("reference") / "project")
    project = open_project(copy)
    output = tmp_path_factory.mktemp("site")
    return EmbeddedRenderer().render(project, reference_pages(project), output, jobs=2)


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Write a tiny project and render it; gives the rendered site."""

    def run(files: dict[str, str | bytes]) -> RenderedSite:
        project = open_project(write_project(tmp_path / "project", files))
        output = tmp_path / "site"
        output.mkdir(exist_ok=True)
        return EmbeddedRenderer().render(project, read_pages(project), output, jobs=2)

    return run
