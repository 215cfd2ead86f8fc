"""Tiny projects with sources and views, and the demo's real warehouse."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.errors import AnalysisError, SourceError
from analysis.project import Project, open_project
from analysis.warehouse.ingest import ingest

ROOT = Path(__file__).parents[2]
VISITS = """
sources:
  visits:
    description: Visits to a shop
    kind: csv
    path: data/raw/visits.csv
    columns:
      day: DATE
      shop: VARCHAR
      customers: {type: INTEGER, description: People who came in, unit: people}
"""
VISITS_CSV = "day,shop,customers\n2026-01-01,north,3\n2026-01-02,south,\n"


class Folder:
    """A project folder in the making."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("_quarto.yml", "project: {type: website}\n")

    def write(self, name: str, content: str | bytes) -> Path:
        """Put ``content`` at ``name``, below the project's root."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = textwrap.dedent(content).encode() if isinstance(content, str) else content
        path.write_bytes(data)
        return path

    @property
    def project(self) -> Project:
        """Open the project as it is now."""
        return open_project(self.root)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run ``sql`` on the warehouse."""
        with duckdb.connect(str(self.project.warehouse), read_only=True) as con:
            return con.execute(sql).fetchall()


def error_of(folder: Folder, kind: type[AnalysisError] = SourceError) -> AnalysisError:
    """Ingest, give the error, and see that no warehouse was made."""
    with pytest.raises(kind) as caught:
        ingest(folder.project)
    assert not folder.project.warehouse.exists()
    assert not list((folder.root / "data").glob(".warehouse-*"))
    return caught.value


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give an empty project."""
    return Folder(tmp_path / "project")


@pytest.fixture
def visits(folder: Folder) -> Folder:
    """Give a project with one small source."""
    folder.write("data/sources.yml", VISITS)
    folder.write("data/raw/visits.csv", VISITS_CSV)
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """Ingest this repository's own sources, without its views, once."""
    folder = Folder(tmp_path_factory.mktemp("demo"))
    (folder.root / "data").mkdir()
    shutil.copy(ROOT / "data" / "sources.yml", folder.root / "data")
    shutil.copytree(ROOT / "src" / "simulation", folder.root / "src" / "simulation")
    ingest(folder.project)
    yield folder


@pytest.fixture
def shop(visits: Folder) -> Folder:
    """Give a project with a source, a view on some of its rows, and a view on that."""
    from tests.warehouse.shop import BUSY, CSV

    visits.write("data/raw/visits.csv", CSV)
    visits.write("data/sql/features/busy.sql", BUSY)
    visits.write("data/sql/reports/total.sql", "select sum(customers) as n from features.busy\n")
    return visits


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the warehouse of a small project once."""
    folder = Folder(tmp_path_factory.mktemp("built") / "project")
    folder.write("data/sources.yml", VISITS)
    folder.write("data/raw/visits.csv", VISITS_CSV)
    ingest(folder.project)
    return folder.root


@pytest.fixture
def live(built: Path, tmp_path: Path) -> Folder:
    """Give a project of its own whose warehouse is built, without anything that programs write."""
    return Folder(Path(shutil.copytree(built, tmp_path / "project")))
