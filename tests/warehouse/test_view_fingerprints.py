"""Fingerprints of views: where a change stops, and what is computed again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.lineage.relations import read_relations
from analysis.warehouse.building import relations as module
from analysis.warehouse.building.fingerprints import Fingerprints
from analysis.warehouse.ingest import IngestOptions, ingest
from tests.warehouse.conftest import ROOT, VISITS, Folder
from tests.warehouse.shop import BUSY, CSV, changed_columns, relations


def test_change_outside_of_a_view_stops_there(shop: Folder) -> None:
    first = relations(shop)
    shop.write("data/raw/visits.csv", CSV.replace("west,0", "east,1"))
    second = relations(shop)
    assert second["raw.visits"].fingerprint != first["raw.visits"].fingerprint
    assert second["features.busy"] == first["features.busy"]
    assert second["reports.total"] == first["reports.total"]


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("-- told\n" + BUSY.replace(" ", "\n  "), id="comment and blanks"),
        pytest.param(BUSY.replace("> 2", ">= 3"), id="text"),
        pytest.param("select * from raw.visits where customers in (3, 5)", id="other text"),
    ],
)
def test_view_of_other_text_and_the_same_content_is_the_same(shop: Folder, sql: str) -> None:
    first = relations(shop)
    shop.write("data/sql/features/busy.sql", sql)
    assert relations(shop) == first


def test_change_in_a_view_goes_as_far_as_it_matters(shop: Folder) -> None:
    first = relations(shop)
    shop.write("data/sql/features/busy.sql", BUSY.replace("shop,", "upper(shop) as shop,"))
    second = relations(shop)
    assert changed_columns(first["features.busy"], second["features.busy"]) == {"shop"}
    assert second["reports.total"] == first["reports.total"]


UNSTABLE = {
    "random": "select random() as r from raw.visits",
    "now": "select NOW() as r from raw.visits",
    "current_date": "select day, current_date - day as r from raw.visits",
    "ago": "select ago(interval 1 day) as r from raw.visits",
    "sample": "select day as r from raw.visits using sample 2 rows",
    "uuid in a CTE": "with c as (select uuid() as r) select * from c",
}


@pytest.mark.parametrize("sql", UNSTABLE.values(), ids=UNSTABLE)
def test_chance_and_time_are_compared_by_definition(shop: Folder, sql: str) -> None:
    shop.write("data/sql/features/chance.sql", sql)
    shop.write("data/sql/reports/on_chance.sql", "select r, 1 as one from features.chance")
    first = relations(shop)
    assert first["features.chance"].by == first["reports.on_chance"].by == "definition"
    assert set(first["reports.on_chance"].columns) == {"r", "one"}
    shop.project.warehouse.unlink()
    assert relations(shop) == first
    shop.write("data/sql/features/chance.sql", f"-- told\n{sql.replace(' ', '  ')}")
    assert relations(shop) == first
    shop.write("data/sql/features/chance.sql", f"{sql} limit 1".replace("rows limit 1", "rows "))
    shop.write("data/raw/visits.csv", CSV.replace("west,0", "west,1"))
    second = relations(shop)
    assert second["features.busy"] == first["features.busy"]
    for name in ("features.chance", "reports.on_chance"):
        assert second[name].fingerprint != first[name].fingerprint
        assert changed_columns(first[name], second[name]) == set(first[name].columns)


def test_large_views_are_compared_by_definition(
    shop: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    shop.write("data/sql/features/long.sql", "select * from range(6)")
    shop.write("data/sql/features/short.sql", "select * from range(5)")
    first = relations(shop)
    assert {name: r.by for name, r in first.items() if r.kind == "view"} == {
        "features.busy": "content",
        "features.long": "definition",
        "features.short": "content",
        "reports.total": "content",
    }
    shop.write("data/raw/visits.csv", CSV + "2026-01-06,north,1\n")
    second = relations(shop)
    assert second["features.busy"].by == second["reports.total"].by == "definition"
    assert second["features.long"] == first["features.long"]
    shop.write("data/raw/visits.csv", CSV + "2026-01-06,north,2\n")
    third = relations(shop)
    assert third["features.busy"].fingerprint != second["features.busy"].fingerprint
    assert third["reports.total"].fingerprint != second["reports.total"].fingerprint


def test_view_that_fails_on_its_rows_stops_nothing(shop: Folder) -> None:
    shop.write("data/sql/features/wrong.sql", "select shop::int as x from raw.visits")
    found = relations(shop)
    assert found["features.wrong"].by == "definition"
    assert found["features.busy"].by == "content"


def computed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Ingest, and name the relations whose content was looked at."""
    names: set[str] = set()
    original = module.fingerprints.of_content

    def noting(con: Any, relation: str, *rest: Any) -> Fingerprints | None:
        names.add(relation.replace('"', ""))
        return original(con, relation, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(module.fingerprints, "of_content", noting)
        ingest(folder.project)
    return {name for name in names if not name.startswith("meta.")}


def test_only_what_changed_is_computed_again(shop: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = VISITS + VISITS.partition("sources:\n")[2].replace("visits", "others")
    shop.write("data/sources.yml", declared)
    shop.write("data/raw/others.csv", CSV)
    shop.write("data/sql/features/other.sql", "select count(*) as n from raw.others")
    everything = {
        *("raw.visits", "raw.others"),
        *("features.busy", "features.other", "reports.total"),
    }
    assert computed(shop, monkeypatch) == everything
    assert computed(shop, monkeypatch) == set()
    shop.write("data/raw/others.csv", CSV.replace("west,0", "west,1"))
    assert computed(shop, monkeypatch) == {"raw.others", "features.other"}
    shop.write("data/sql/features/busy.sql", "-- told\n" + BUSY)
    assert computed(shop, monkeypatch) == set()
    shop.write("data/sql/features/busy.sql", BUSY.replace("> 2", ">= 3"))
    assert computed(shop, monkeypatch) == {"features.busy"}
    shop.write("data/raw/visits.csv", CSV.replace("west,0", "east,1"))
    assert computed(shop, monkeypatch) == {"raw.visits", "features.busy"}
    shop.write("data/raw/visits.csv", CSV.replace("03,,5", "03,,6"))
    assert computed(shop, monkeypatch) == {"raw.visits", "features.busy", "reports.total"}
    shop.project.warehouse.unlink()
    assert computed(shop, monkeypatch) == everything


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 2}', '{"relations": {"raw.visits": 1}}'])
def test_damaged_record_is_made_anew(shop: Folder, damage: str) -> None:
    first = relations(shop)
    shop.write("data/warehouse.json", damage)
    assert read_relations(shop.project) == {}
    assert relations(shop) == first


def test_four_ingests_of_the_demo_give_one_fingerprint(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    shutil.copytree(ROOT / "data" / "sql", folder.root / "data" / "sql")
    shutil.copy(ROOT / "data" / "sources.yml", folder.root / "data")
    shutil.copytree(ROOT / "src" / "simulation", folder.root / "src" / "simulation")
    found = []
    for number in range(4):
        # In half of them, the tables are copied from the last warehouse.
        ingest(folder.project, IngestOptions(force=number % 2 == 0))
        found.append(read_relations(folder.project))
        forget_views(folder)
    assert {r.by for r in found[0].values()} == {"content"}
    assert all(relations == found[0] for relations in found)


def test_sums_of_floats_do_not_depend_on_how_the_table_came(folder: Folder) -> None:
    folder.write(
        "data/sources.yml",
        "sources: {x: {description: X, kind: csv, path: x.csv, columns: {k: VARCHAR, z: DOUBLE}}}",
    )
    # Large enough for several threads and for several groups of rows.
    with duckdb.connect() as con:
        con.execute(
            "copy (select (i % 1000) || repeat('x', 30), "
            "if(i % 100_000 < 60_000, 0.1, (i * 0.6180339887) % 1) "
            f"from range(2_000_000) r(i)) to '{folder.root}/x.csv' (header false)"
        )
    folder.write("x.csv", b"k,z\n" + (folder.root / "x.csv").read_bytes())
    folder.write("data/sql/features/s.sql", "select sum(z) as s, avg(z) as a from raw.x")
    folder.write("data/sql/features/g.sql", "select k, sum(z) as s from raw.x group by k")
    first = relations(folder)
    forget_views(folder)
    copied = relations(folder)
    assert copied == first
    folder.project.warehouse.unlink()
    assert relations(folder) == first


def forget_views(folder: Folder) -> None:
    """Take from the record what is known of the views."""
    path = folder.root / "data" / "warehouse.json"
    record = json.loads(path.read_text())
    record["views"] = {}
    path.write_text(json.dumps(record))
