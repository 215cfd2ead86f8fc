"""Every page that Quarto itself executed: our frozen result is the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from analysis.documents.document import read_document
from analysis.documents.freeze import read_frozen, write_frozen
from analysis.documents.kernels import KernelServer
from analysis.project import Project, open_project
from tests.documents.running import execute

REFERENCE = Path(__file__).parents[1] / "quarto_reference"
RESULT = "execute-results/html.json"
PAGES = sorted(
    path.relative_to(REFERENCE / "freeze").parents[1].as_posix()
    for path in (REFERENCE / "freeze").rglob("html.json")
)


def normal(markdown: str) -> str:
    """Put one name for what differs between two runs of Quarto itself: random ids, paths."""
    markdown = re.sub(r"(?<=\{#)[0-9a-f]{8}(?= \.cell)", "random", markdown)
    return re.sub(r"(<tmp>/ipykernel_0/0\.py|Cell In\[\d+\])(?=:\d+: )", "cell", markdown)


def pandoc_ast(markdown: str) -> Any:
    """Parse Markdown as a renderer does."""
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"]
    done = subprocess.run(command, input=markdown.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kernels: KernelServer) -> Project:
    """Execute and freeze a copy of the reference site."""
    root = tmp_path_factory.mktemp("reference") / "site"
    shutil.copytree(REFERENCE / "site", root)
    project = open_project(root)
    for page in PAGES:
        document = read_document(project, f"{page}.qmd")
        write_frozen(project, document, execute(project, document.source, kernels))
    return project


def quarto_result(page: str) -> dict[str, Any]:
    """Read what Quarto wrote for a page."""
    return json.loads((REFERENCE / "freeze" / page / RESULT).read_text())


@pytest.mark.parametrize("page", PAGES)
def test_markdown_is_quartos(site: Project, page: str) -> None:
    ours = read_frozen(site, f"{page}.qmd")
    assert ours is not None
    theirs = normal(quarto_result(page)["result"]["markdown"])
    assert pandoc_ast(normal(ours.markdown)) == pandoc_ast(theirs)


@pytest.mark.parametrize("page", PAGES)
def test_json_has_quartos_form(site: Project, page: str) -> None:
    text = (site.freeze_dir / page / RESULT).read_text()
    ours, theirs = json.loads(text), quarto_result(page)
    assert ours["hash"] == theirs["hash"]
    assert list(ours) == list(theirs)
    assert list(ours["result"]) == list(theirs["result"])
    different = {"markdown", "includes"}  # compared above; scripts from another host
    for key in theirs["result"].keys() - different:
        assert ours["result"][key] == theirs["result"][key]
    assert text == json.dumps(ours, indent=2, ensure_ascii=False)


def test_only_executed_pages_are_frozen(site: Project) -> None:
    executed = [s for s in site.documents if read_document(site, s).has_code]
    assert executed == [f"{page}.qmd" for page in PAGES]


def test_freeze_has_quartos_files(site: Project) -> None:
    listed = (REFERENCE / "freeze-files.txt").read_text().splitlines()
    theirs = [name for name in listed if "/site_libs/" not in name]
    files = (path for path in site.freeze_dir.rglob("*") if path.is_file())
    assert sorted(path.relative_to(site.root).as_posix() for path in files) == sorted(theirs)


def test_second_run_gives_the_same_bytes(site: Project, kernels: KernelServer) -> None:
    for page in PAGES:
        assert execute(site, f"{page}.qmd", kernels) == read_frozen(site, f"{page}.qmd")


def test_forked_and_ordinary_kernels_give_the_same_bytes(site: Project) -> None:
    with KernelServer(None) as ordinary:
        assert execute(site, "outputs.qmd", ordinary) == read_frozen(site, "outputs.qmd")
