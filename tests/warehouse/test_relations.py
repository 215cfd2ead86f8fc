"""Fingerprints of relations and their columns: what changes them, and what does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from analysis.lineage.relations import expand
from analysis.warehouse.building.fingerprints import Fingerprints, of_content
from analysis.warehouse.building.meta import META
from analysis.warehouse.building.profiles import PROFILES
from tests.warehouse.conftest import VISITS, Folder
from tests.warehouse.shop import BUSY, CSV, LAST, changed_columns, relations


def test_every_relation_is_told(shop: Folder) -> None:
    found = relations(shop)
    assert {(r.name, r.kind, r.by, r.reads) for r in found.values()} == {
        ("raw.visits", "table", "content", ()),
        ("features.busy", "view", "content", ("raw.visits",)),
        ("reports.total", "view", "content", ("features.busy",)),
        *((name, "table", "content", ()) for name in (*META, PROFILES) if name != "meta.relations"),
    }
    assert set(found["raw.visits"].columns) == {"customers", "day", "shop"}
    assert all(len(value) == 8 for r in found.values() for value in r.columns.values())
    assert expand(found, "reports.total") == ("features.busy", "raw.visits")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CSV, id="touched"),
        pytest.param(CSV.replace("\n", "\r\n"), id="other line ends"),
        pytest.param("\n".join([CSV[:18], *sorted(CSV[19:].split(), reverse=True)]), id="rows"),
        pytest.param(CSV.replace("3\n", "3.0\n"), id="written otherwise"),
    ],
)
def test_same_content_is_the_same(shop: Folder, content: str) -> None:
    first = relations(shop)
    shop.write("data/raw/visits.csv", content)
    shop.project.warehouse.unlink()
    assert relations(shop) == first


def test_other_place_gives_the_same(shop: Folder, tmp_path: Path) -> None:
    first = relations(shop)
    shutil.copytree(shop.root, tmp_path / "clone", ignore=shutil.ignore_patterns("warehouse.*"))
    assert relations(Folder(tmp_path / "clone")) == first


@pytest.mark.parametrize(
    ("old", "new", "columns"),
    [
        pytest.param("west,0", "west,1", {"customers"}, id="value"),
        pytest.param("south,\n", "south,0\n", {"customers"}, id="0 for nothing"),
        pytest.param("03,,5", "03,east,5", {"shop"}, id="text for nothing"),
        pytest.param(LAST, "", {"day", "shop", "customers"}, id="row gone"),
        pytest.param(LAST, LAST * 2, {"day", "shop", "customers"}, id="row twice, with a 0"),
    ],
)
def test_changed_column_is_named(shop: Folder, old: str, new: str, columns: set[str]) -> None:
    first = relations(shop)["raw.visits"]
    shop.write("data/raw/visits.csv", CSV.replace(old, new))
    second = relations(shop)["raw.visits"]
    assert changed_columns(first, second) == columns
    assert second.fingerprint != first.fingerprint


def test_values_that_change_places_between_rows_are_noticed(shop: Folder) -> None:
    first = relations(shop)["raw.visits"]
    swapped = CSV.replace("03,,5", "03,,3").replace("04,north,3", "04,north,5")
    shop.write("data/raw/visits.csv", swapped)
    second = relations(shop)["raw.visits"]
    assert second.columns == first.columns
    assert second.fingerprint != first.fingerprint


def test_missing_is_not_the_empty_text(shop: Folder) -> None:
    declared = VISITS.replace("kind: csv", "kind: csv\n    missing: ['-']")
    shop.write("data/sources.yml", declared)
    shop.write("data/raw/visits.csv", CSV.replace("03,,5", "03,-,5").replace("south,", "south,-"))
    first = relations(shop)["raw.visits"]
    shop.write("data/raw/visits.csv", CSV.replace("south,", "south,-"))
    second = relations(shop)["raw.visits"]
    assert changed_columns(first, second) == {"shop"}
    assert second.fingerprint != first.fingerprint


def test_other_type_with_equal_values_is_noticed(shop: Folder) -> None:
    first = relations(shop)
    shop.write("data/sources.yml", VISITS.replace("type: INTEGER", "type: BIGINT"))
    second = relations(shop)
    for name in ("raw.visits", "features.busy"):
        assert changed_columns(first[name], second[name]) == {"customers"}
        assert second[name].fingerprint != first[name].fingerprint


def test_renamed_column_is_noticed(shop: Folder) -> None:
    first = relations(shop)
    shop.write("data/sources.yml", VISITS.replace("shop:", "place:"))
    shop.write("data/raw/visits.csv", CSV.replace("shop", "place"))
    shop.write("data/sql/features/busy.sql", BUSY.replace("shop", "place as shop"))
    second = relations(shop)
    assert changed_columns(first["raw.visits"], second["raw.visits"]) == {"shop", "place"}
    assert second["raw.visits"].fingerprint != first["raw.visits"].fingerprint
    assert second["features.busy"] == first["features.busy"]


def test_order_of_columns_is_noticed_in_the_whole_only(shop: Folder) -> None:
    first = relations(shop)["features.busy"]
    shop.write("data/sql/features/busy.sql", BUSY.replace("day, shop", "shop, day"))
    second = relations(shop)["features.busy"]
    assert second.columns == first.columns
    assert second.fingerprint != first.fingerprint


def contents(select: str) -> Fingerprints | None:
    """Fingerprint the rows of a SELECT."""
    with duckdb.connect() as con:
        con.execute(f"create view v as {select}")
        return of_content(con, "v")


@pytest.mark.parametrize(
    "values",
    [
        ["null::int[]", "[]::int[]", "[null]::int[]", "[0]", "[0, 0]", "[1]", "[0, 1]", "[1, 0]"],
        ["[[1], [2]]", "[[1, 2]]", "[[1, 2], []]", "[[1], [2], []]"],
        ["['NULL']", "[null]::varchar[]", "['a, b']", "['a', 'b']"],
        ["null::struct(a int)", "{'a': null}::struct(a int)", "{'a': 0}"],
        ["null::map(varchar, int)", "map {}::map(varchar, int)", "map {'a': null}"],
        ["interval 1 month", "interval 30 days", "null::interval"],
        ["null::double", "'nan'::double", "0.0::double", "1e-300::double"],
        ["null::varchar", "''", "'0'", "' '"],
    ],
)
def test_values_that_look_alike_differ(values: list[str]) -> None:
    found = {contents(f"select {value} as x").columns["x"] for value in values}
    assert len(found) == len(values)


@pytest.mark.parametrize("name", ["t", "h0", "v", 'Größe "x"', "select"])
def test_any_name_of_a_column_may_stand(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    first = contents(f"select * from (values (1, 2), (3, 4)) t({quoted}, other)")
    second = contents(f"select * from (values (1, 4), (3, 2)) t({quoted}, other)")
    assert first and second
    assert set(first.columns) == {name, "other"}
    assert first.columns == second.columns
    assert first.whole != second.whole
