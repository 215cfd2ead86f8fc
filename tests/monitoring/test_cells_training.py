"""What a version was trained on, counted: its cells, and the reference for drift."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from analysis.models.bundle.record import Version
from analysis.models.registry.registry import open_registry
from analysis.monitoring.cells.reference import bring_cells
from analysis.monitoring.declared.record import Monitor
from analysis.project import find_project
from analysis.warehouse.opened import in_memory
from tests.models.promoting.conftest import ingested, promoted, tried

__all__ = ["ingested", "tried"]


@pytest.fixture(scope="module")
def root(tried: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained") / "project"
    shutil.copytree(tried, root)
    promoted(root, "late/logistic")
    return root


def brought(root: Path) -> tuple[Version, Path, tuple[str, ...]]:
    project = find_project(root)
    version = open_registry(project).versions("late")[-1]
    with in_memory(project.work_dir) as con:
        notes = bring_cells(project, con, version, Monitor("late")).notes
    return version, root / "data" / "monitoring" / "late", notes


def test_the_reference_is_what_the_version_was_trained_on(root: Path) -> None:
    version, home, notes = brought(root)
    assert notes == ()
    path = home / "cells" / f"training-{version.id}.parquet"
    rows = duckdb.sql(
        f"select field, sum(rows), sum(labelled), sum(value) from '{path}' group by 1"
    ).fetchall()
    found = {row[0]: row[1:] for row in rows}
    names = {field.name for field in version.bundle.fields}
    assert set(found) == {"", "@score", *names}
    assert {told[0] for told in found.values()} == {version.bundle.provenance.rows}
    for field in version.bundle.fields:
        if field.mean is not None and field.type != "boolean":
            there = round(version.bundle.provenance.rows * (1 - field.nulls))
            assert found[field.name][2] == pytest.approx(field.mean * there, rel=1e-9)
    assert duckdb.sql(f"select any_value(score) from '{path}' where score > 0").fetchall()


def test_what_the_run_predicted_is_scored_as_the_run_scored_it(root: Path) -> None:
    version, home, _ = brought(root)
    path = home / "cells" / f"training-{version.id}.parquet"
    run = next((root / "data" / "runs").glob(f"*/{version.bundle.provenance.run}"))
    said = duckdb.sql(
        f"select avg((p_true - (target = 'true')::int) ^ 2) from '{run}/predictions.parquet'"
    )
    brier = duckdb.sql(f"select sum(brier) / sum(labelled) from '{path}' where field = ''")
    assert brier.fetchall()[0][0] == pytest.approx(said.fetchall()[0][0], rel=1e-9)


def test_it_is_made_once(root: Path) -> None:
    _, home, _ = brought(root)
    before = {path: path.stat().st_ino for path in home.rglob("*.parquet")}
    (root / "data" / "warehouse.duckdb").rename(root / "data" / "away.duckdb")
    try:
        brought(root)
    finally:
        (root / "data" / "away.duckdb").rename(root / "data" / "warehouse.duckdb")
    assert {path: path.stat().st_ino for path in home.rglob("*.parquet")} == before


def test_rows_that_no_fold_predicted_have_no_label(root: Path, tmp_path: Path) -> None:
    """As of the first rows of a forward split: what came true is held against predictions alone."""
    other = tmp_path / "project"
    shutil.copytree(root, other)
    shutil.rmtree(other / "data" / "monitoring", ignore_errors=True)
    (version,) = open_registry(find_project(other)).versions("late")
    run = next((other / "data" / "runs").glob(f"*/{version.bundle.provenance.run}"))
    kept = duckdb.sql(f"from '{run}/predictions.parquet'").fetchdf().iloc[::2]
    duckdb.sql("from kept").write_parquet(f"{run}/kept.parquet")
    (run / "kept.parquet").replace(run / "predictions.parquet")
    _, home, _ = brought(other)
    path = home / "cells" / f"training-{version.id}.parquet"
    told = "sum(rows), sum(labelled), sum(brier) / sum(labelled), sum(label), sum(expected)"
    found = duckdb.sql(f"select {told} from '{path}' where field = ''").fetchall()[0]
    true = kept.target == "true"
    brier = ((kept.p_true - true) ** 2).mean()
    assert found[:2] == (version.bundle.provenance.rows, len(kept))
    assert found[2:] == pytest.approx((brier, true.sum(), kept.p_true.sum()), rel=1e-9)
