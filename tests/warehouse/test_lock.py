"""Sources that change without notice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.errors import Location, ProjectError, Remark, SourceError
from analysis.warehouse.ingest import IngestOptions, ingest
from tests.helpers.projects import analysis
from tests.warehouse.conftest import VISITS, VISITS_CSV, Folder

OTHER = VISITS_CSV + "2026-01-03,west,1\n"


def declare(folder: Folder, update: str) -> None:
    """Say how the source is updated."""
    folder.write(
        "data/sources.yml", VISITS.replace("kind: csv", f"kind: csv\n    update: {update}")
    )


def lock(folder: Folder) -> dict[str, dict[str, str]]:
    """Read the checksums."""
    found: dict[str, dict[str, str]] = json.loads((folder.root / "data/sources.lock").read_text())
    return found


def test_fixed_source_that_changed_is_refused_until_accepted(visits: Folder) -> None:
    declare(visits, "fixed")
    ingest(visits.project)
    before = lock(visits)
    visits.write("data/raw/visits.csv", OTHER)
    with pytest.raises(SourceError) as caught:
        ingest(visits.project)
    assert "declared `update: fixed`, but it changed: data/raw/visits.csv" in caught.value.what
    assert str(caught.value.where) == "data/sources.yml:6"
    assert "--accept" in str(caught.value.hint)
    assert lock(visits) == before
    assert visits.query("select count(*) from raw.visits") == [(2,)]
    ingest(visits.project, IngestOptions(accept=True))
    assert lock(visits) != before
    assert visits.query("select count(*) from raw.visits") == [(3,)]
    assert not ingest(visits.project).changed


def test_refused_also_where_there_is_no_warehouse_yet(visits: Folder) -> None:
    declare(visits, "fixed")
    ingest(visits.project)
    visits.project.warehouse.unlink()
    visits.write("data/raw/visits.csv", OTHER)
    with pytest.raises(SourceError, match="it changed"):
        ingest(visits.project)


def test_source_that_is_expected_to_change(visits: Folder) -> None:
    declare(visits, "{every: day}")
    ingest(visits.project)
    visits.write("data/raw/visits.csv", OTHER)
    assert ingest(visits.project).warnings == ()
    assert visits.query("select update from meta.sources") == [("every day",)]


def test_source_that_says_nothing_is_named_once(visits: Folder) -> None:
    ingest(visits.project)
    visits.write("data/raw/visits.csv", OTHER)
    told = "the source `visits` changed: data/raw/visits.csv has other content"
    assert ingest(visits.project).warnings == (Remark(told, Location("data/sources.yml", 3)),)
    assert ingest(visits.project).warnings == ()


def test_files_of_a_pattern_that_come_and_go(visits: Folder) -> None:
    declare(visits, "fixed")
    path = visits.root / "data" / "sources.yml"
    path.write_text(path.read_text().replace("visits.csv", "visits*.csv"))
    visits.write("data/raw/visits2.csv", VISITS_CSV)
    ingest(visits.project)
    assert visits.query("select count(*) from raw.visits") == [(4,)]
    (visits.root / "data/raw/visits2.csv").unlink()
    visits.write("data/raw/visits3.csv", VISITS_CSV)
    with pytest.raises(SourceError, match=r"visits2\.csv is gone, .*visits3\.csv is new"):
        ingest(visits.project)


def test_file_that_changes_while_it_is_read(visits: Folder) -> None:
    ingest(visits.project)
    visits.write("data/sql/features/days.sql", "select day from raw.visits\n")
    visits.write("data/raw/visits.csv", OTHER)

    def write(name: str) -> None:
        if name == "features.days":  # the source was read
            visits.write("data/raw/visits.csv", VISITS_CSV.replace("3", "4"))

    with pytest.raises(SourceError, match="changed while it was read") as caught:
        ingest(visits.project, report=write)
    assert str(caught.value.where) == "data/raw/visits.csv"
    assert visits.query("select count(*) from raw.visits") == [(2,)]
    ingest(visits.project)
    assert visits.query("select max(customers) from raw.visits") == [(4,)]


def test_damaged_lock(visits: Folder) -> None:
    visits.write("data/sources.lock", "<<<<<<< HEAD\n")
    with pytest.raises(ProjectError, match="does not hold checksums"):
        ingest(visits.project)


def test_wrong_update(visits: Folder) -> None:
    declare(visits, "{every: fortnight}")
    with pytest.raises(ProjectError) as caught:
        ingest(visits.project)
    assert str(caught.value.where) == "data/sources.yml:6"


def test_command_line(visits: Folder) -> None:
    declare(visits, "fixed")
    assert analysis(visits.root, "ingest").code == 0
    visits.write("data/raw/visits.csv", OTHER)
    refused = analysis(visits.root, "ingest")
    assert refused.code == 2
    assert "data/sources.yml:6: the source `visits` is declared `update: fixed`" in refused.err
    assert analysis(visits.root, "ingest", "--accept").code == 0
    assert Path(visits.root / "data/sources.lock").exists()


def test_memory_limit_reaches_duckdb(visits: Folder) -> None:
    assert analysis(visits.root, "ingest", "--memory-limit", "2GB").code == 0
    assert analysis(visits.root, "ingest", "--memory-limit", "much").code == 2
