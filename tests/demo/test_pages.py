"""The demo's pages run, without a warning, and give the same bytes each time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from analysis.documents.document import read_document
from analysis.documents.run import RunOptions, run
from analysis.project import Project, open_project
from tests.demo.conftest import ROOT


@pytest.fixture(scope="module")
def project(
    warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """Copy the documents beside the warehouse of the tests, and run them once."""
    [[built]] = warehouse.execute(
        "select path from duckdb_databases() where path is not null"
    ).fetchall()
    root = tmp_path_factory.mktemp("pages")
    (root / "data").mkdir()
    (root / "data" / "warehouse.duckdb").symlink_to(built)
    for name in ("_quarto.yml", "index.qmd", "references.bib"):
        shutil.copy(ROOT / name, root)
    # Pages on runs and models are among the chapters where the site was made before.
    data = ("data/experiments", "data/runs", "data/models", "data/monitoring")
    for name in ("chapters", "projects", *data):
        shutil.copytree(ROOT / name, root / name)
    project = open_project(root)
    run_all(project)
    yield project


def run_all(project: Project) -> None:
    """Run every page and demand that none fails."""
    documents = [read_document(project, source) for source in project.documents]
    result = run(project, documents, RunOptions(force=True), lambda _: None)
    assert {outcome.source: outcome.error for outcome in result.outcomes if outcome.error} == {}


def frozen(project: Project) -> dict[Path, bytes]:
    """Read all frozen results of pages."""
    files = project.freeze_dir.rglob("html.json")
    return {path.relative_to(project.freeze_dir): path.read_bytes() for path in files}


def test_no_page_shows_a_warning_or_an_error(project: Project) -> None:
    results = frozen(project)
    assert len(results) >= 8
    for path, content in results.items():
        assert b"cell-output-stderr" not in content, path
        assert b"cell-output-error" not in content, path


def test_a_second_run_gives_the_same_bytes(project: Project) -> None:
    before = frozen(project)
    run_all(project)
    assert frozen(project) == before
