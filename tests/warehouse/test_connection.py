"""The connection that documents get."""

from __future__ import annotations

import duckdb
import pytest

from analysis.errors import ProjectError
from analysis.warehouse.connection import db
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder


def test_it_is_found_from_a_page_and_reads_views(
    visits: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits.write("data/sql/features/busy.sql", "select * from raw.visits where customers > 1")
    visits.write("projects/one/index.qmd", "")
    ingest(visits.project)
    monkeypatch.chdir(visits.root / "projects" / "one")
    assert db().sql("select shop from features.busy").fetchall() == [("north",)]
    assert db().execute("select count(*) from raw.visits").fetchall() == [(2,)]


def test_it_cannot_write(visits: Folder) -> None:
    ingest(visits.project)
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        db(visits.root).execute("delete from raw.visits")


def test_an_unread_result_holds_up_no_other_call(visits: Folder) -> None:
    ingest(visits.project)
    first = db(visits.root)
    assert first.execute("select shop from raw.visits order by all").fetchone() == ("north",)
    assert db(visits.root).execute("select count(*) from raw.visits").fetchall() == [(2,)]


def test_time_zone_does_not_depend_on_the_machine(
    visits: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    ingest(visits.project)
    shown = db(visits.root).execute("select current_setting('TimeZone')").fetchall()
    assert shown == [("UTC",)]


def test_missing_warehouse_names_the_command(visits: Folder) -> None:
    with pytest.raises(ProjectError) as caught:
        db(visits.root)
    assert caught.value.hint is not None
    assert "analysis ingest" in caught.value.hint


def test_damaged_warehouse_is_a_plain_error(visits: Folder) -> None:
    visits.write("data/warehouse.duckdb", b"not a database")
    with pytest.raises(ProjectError, match="cannot be read"):
        db(visits.root)
