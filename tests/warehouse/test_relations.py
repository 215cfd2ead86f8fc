"""Fingerprints of relations and columns: what changes them, what does not, and what is computed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.lineage.relations import Relation, expand, read_relations
from analysis.warehouse import relations as module
from analysis.warehouse.fingerprints import Fingerprints, of_content
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import ROOT, VISITS, Folder

LAST = "2026-01-05,west,0\n"
CSV = (
    "day,shop,customers\n2026-01-01,north,3\n2026-01-02,south,\n"
    f"2026-01-03,,5\n2026-01-04,north,3\n{LAST}"
)
BUSY = "select day, shop, customers from raw.visits where customers > 2\n"


def relations(folder: Folder) -> Mapping[str, Relation]:
    """Ingest, and read what is told of the relations."""
    ingest(folder.project)
    return read_relations(folder.project)


def changed_columns(before: Relation, after: Relation) -> set[str]:
    """Name the columns that are new, gone or of other content."""
    return {name for name, _ in before.columns.items() ^ after.columns.items()}


@pytest.fixture
def shop(visits: Folder) -> Folder:
    """Give a project with a source, a view on some of its rows, and a view on that."""
    visits.write("data/raw/visits.csv", CSV)
    visits.write("data/sql/features/busy.sql", BUSY)
    visits.write("data/sql/reports/total.sql", "select sum(customers) as n from features.busy\n")
    return visits


def test_every_relation_is_told(shop: Folder) -> None:
    found = relations(shop)
    assert {(r.name, r.kind, r.by, r.reads) for r in found.values()} == {
        ("raw.visits", "table", "content", ()),
        ("features.busy", "view", "content", ("raw.visits",)),
        ("reports.total", "view", "content", ("features.busy",)),
        ("meta.sources", "table", "content", ()),
        ("meta.columns", "table", "content", ()),
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
    return names - {"meta.sources", "meta.columns"}


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


def test_ten_ingests_of_the_demo_give_one_fingerprint(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    shutil.copytree(ROOT / "data" / "sql", folder.root / "data" / "sql")
    shutil.copy(ROOT / "data" / "sources.yml", folder.root / "data")
    found = []
    for number in range(10):
        # In half of them, the tables are copied from the last warehouse.
        ingest(folder.project, force=number % 2 == 0)
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
