"""Projects on disk and kernels that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from analysis.documents.kernels import KernelServer
from analysis.project import Project, open_project
from tests.helpers.projects import write_project

MakeProject = Callable[[Mapping[str, str | bytes]], Project]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write files below a new folder and open it as a project."""
    return lambda files: open_project(write_project(tmp_path / "site", files))


@pytest.fixture(scope="session")
def kernels() -> Iterator[KernelServer]:
    """Start kernels from a process that has imported what most pages here use."""
    names = ("pandas", "matplotlib.pyplot", "altair", "great_tables")
    with KernelServer([(name, []) for name in names]) as server:
        yield server
