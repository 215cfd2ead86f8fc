"""Kernel servers that several tests share, hand-made notebooks, and tiny projects."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode, v4

from analysis.documents.document import read_document
from analysis.documents.events import Event
from analysis.documents.execute import execute_notebook
from analysis.documents.kernels import KernelServer
from analysis.documents.notebook import CellPlan
from analysis.documents.outcomes import RunOptions, RunResult
from analysis.documents.run import run
from analysis.errors import CellError, Location
from analysis.project import Project, open_project
from analysis.warehouse.ingest import ingest

ROOT = Path(__file__).parents[2]
MODULES = [
    ("altair", []),
    ("duckdb", []),
    ("great_tables", ["GT"]),
    ("matplotlib.pyplot", []),
    ("numpy", []),
    ("pandas", []),
]


@pytest.fixture(scope="session")
def forking() -> Iterator[KernelServer]:
    """A server that has imported the heavy libraries."""
    with KernelServer(MODULES) as server:
        yield server


@pytest.fixture(scope="session")
def ordinary() -> Iterator[KernelServer]:
    """A server that starts each kernel as a new process."""
    with KernelServer(None) as server:
        yield server


@pytest.fixture(params=["forking", "ordinary"])
def server(request: pytest.FixtureRequest) -> KernelServer:
    """Each kind of server in turn."""
    return request.getfixturevalue(request.param)


def notebook(*cells: str | tuple[str, CellPlan], kernel: str = "python3") -> NotebookNode:
    """Make a notebook; cell number k begins in line 10 k of ``page.qmd`` if no plan says more."""
    spec = {"name": kernel, "language": "python", "display_name": kernel}
    made = v4.new_notebook(metadata={"kernelspec": spec})
    for number, cell in enumerate(cells, start=1):
        plan = CellPlan(Location("page.qmd", 10 * number))
        code, plan = (cell, plan) if isinstance(cell, str) else cell
        made.cells.append(v4.new_code_cell(code, id=f"cell{number}"))
        made.cells[-1].metadata["analysis"] = plan.to_metadata()
    return made


def text(cell: NotebookNode) -> str:
    """Give what a cell printed, and the text of its result."""
    parts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "".join(parts).strip()


Execute = Callable[..., NotebookNode]


@pytest.fixture
def execute(server: KernelServer, tmp_path: Path) -> Execute:
    """Execute cells in a kernel of each kind, in an empty folder."""

    def run_cells(*cells: str | tuple[str, CellPlan], **options: object) -> NotebookNode:
        made = cells[0] if isinstance(cells[0], NotebookNode) else notebook(*cells)
        options = {"cwd": tmp_path, "source": "page.qmd", "timeout": 60, **options}
        return execute_notebook(made, server, **options)

    return run_cells


@pytest.fixture
def failure(execute: Execute) -> Callable[..., CellError]:
    """Execute cells of which one must fail, and give the error."""

    def run_cells(*cells: str | tuple[str, CellPlan], **options: object) -> CellError:
        with pytest.raises(CellError) as caught:
            execute(*cells, **options)
        return caught.value

    return run_cells


class Site:
    """A tiny project that can be run again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events: list[Event] = []
        if not (root / "_quarto.yml").exists():
            self.write("_quarto.yml", "project:\n  type: website\n")

    def write(self, name: str, content: str) -> None:
        """Write a project file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def page(self, name: str, *cells: str, front: str = "", prose: str = "") -> None:
        """Write a document with these cells."""
        code = "\n\n".join(f"```{{python}}\n{cell}\n```" for cell in cells)
        self.write(name, f"---\ntitle: A page\n{front}\n---\n\n{prose}\n\n{code}\n")

    @property
    def project(self) -> Project:
        """Read the project as it is now."""
        return open_project(self.root)

    def run(self, jobs: int = 2, preload: bool = False, **options: object) -> RunResult:
        """Run what is stale."""
        self.events.clear()
        project = self.project
        documents = [read_document(project, source) for source in project.documents]
        chosen = RunOptions(jobs=jobs, preload=preload, **options)
        return run(project, documents, chosen, self.events.append)

    def ran(self, **options: object) -> list[str]:
        """Run what is stale, and give the pages that ran well."""
        result = self.run(**options)
        assert not result.failed, result.failed
        return [outcome.source for outcome in result.ran]

    def frozen(self, page: str) -> str:
        """Read the frozen result of a page as it lies on disk."""
        return (self.root / "_freeze" / page / "execute-results" / "html.json").read_text()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A project without documents."""
    return Site(tmp_path / "site")


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The project, all of whose pages have run."""
    site = Site(tmp_path_factory.mktemp("original"))
    from tests.documents_run.pages import write_pages

    write_pages(site)
    ingest(site.project)
    assert len(site.ran(preload=True)) == 17
    return site


@pytest.fixture
def full(original: Site, tmp_path: Path) -> Site:
    """A copy of the project elsewhere, which is just as fresh."""
    shutil.copytree(original.root, tmp_path / "copy")
    return Site(tmp_path / "copy")
