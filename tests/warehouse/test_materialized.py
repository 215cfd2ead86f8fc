"""Views that are tables: built when their inputs changed, else taken over from the old file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.errors import ViewError
from analysis.lineage.relations import read_relations
from analysis.warehouse.ingest import IngestOptions, ingest
from tests.warehouse.conftest import VISITS_CSV, Folder

HEADER = "/* materialized: true */\n"
# Each time that it is computed, `stamp` is another one.
SLOW = f"{HEADER}select shop, customers, uuid() as stamp from raw.visits"


def stamps(folder: Folder, view: str = "features.slow") -> list[tuple[Any, ...]]:
    """Ingest, and read what differs at each computation."""
    ingest(folder.project)
    return folder.query(f"select stamp from {view} order by shop")


def kind_of(folder: Folder, view: str = "features.slow") -> tuple[str, str]:
    """Give how the record and the warehouse call the relation."""
    [(kind,)] = folder.query(
        f"select table_type from information_schema.tables "
        f"where table_schema || '.' || table_name = '{view}'"
    )
    return read_relations(folder.project)[view].kind, kind


def test_it_is_a_table_with_its_rows_counted(visits: Folder) -> None:
    visits.write("data/sql/features/slow.sql", SLOW)
    ingest(visits.project)
    assert kind_of(visits) == ("table", "BASE TABLE")
    told = "select materialized, rows, kind from meta.relations where name = 'features.slow'"
    assert visits.query(told) == [(True, 2, "view")]


def test_what_did_not_change_is_not_computed_again(visits: Folder) -> None:
    visits.write("data/sql/features/slow.sql", SLOW)
    first = stamps(visits)
    fingerprint = read_relations(visits.project)["features.slow"].fingerprint
    visits.write("data/sql/features/other.sql", "select 1 as one")
    assert stamps(visits) == first
    # Neither a comment nor the order of the file's rows is a change.
    visits.write("data/sql/features/slow.sql", f"{SLOW} -- slow")
    head, *rows = VISITS_CSV.splitlines()
    visits.write("data/raw/visits.csv", "\n".join([head, *reversed(rows)]) + "\n")
    assert stamps(visits) == first
    assert read_relations(visits.project)["features.slow"].fingerprint == fingerprint


def test_it_is_computed_again_when_its_input_its_sql_or_the_caller_says_so(visits: Folder) -> None:
    visits.write("data/sql/features/slow.sql", SLOW)
    first = stamps(visits)
    visits.write("data/raw/visits.csv", VISITS_CSV.replace(",3", ",4"))
    second = stamps(visits)
    visits.write("data/sql/features/slow.sql", SLOW.replace("customers,", "customers + 1 as n,"))
    third = stamps(visits)
    ingest(visits.project, IngestOptions(force=True))
    fourth = visits.query("select stamp from features.slow order by shop")
    assert len({*first, *second, *third, *fourth}) == 8


def test_a_table_on_a_table_is_kept_if_the_lower_one_has_the_same_rows(visits: Folder) -> None:
    lower = f"{HEADER}select shop, customers > 2 as busy from raw.visits"
    visits.write("data/sql/features/lower.sql", lower)
    visits.write(
        "data/sql/features/slow.sql", f"{HEADER}select *, uuid() as stamp from features.lower"
    )
    first = stamps(visits)
    visits.write("data/raw/visits.csv", VISITS_CSV.replace(",3", ",4"))
    assert stamps(visits) == first
    visits.write("data/raw/visits.csv", VISITS_CSV.replace(",3", ",1"))
    assert stamps(visits) != first


def test_view_becomes_table_and_view_again(visits: Folder) -> None:
    plain = "select shop, customers from raw.visits"
    above = "select sum(customers) as n from features.slow"
    visits.write("data/sql/features/above.sql", above)
    told = []
    for sql in (plain, HEADER + plain, HEADER + plain + " ", plain):
        visits.write("data/sql/features/slow.sql", sql)
        ingest(visits.project)
        assert visits.query("select n from features.above") == [(3,)]
        told.append(kind_of(visits))
    view, table = ("view", "VIEW"), ("table", "BASE TABLE")
    assert told == [view, table, table, view]
    relations = read_relations(visits.project)
    assert relations["features.slow"].reads == ("raw.visits",)


def test_the_rows_count_and_not_how_they_are_kept(visits: Folder) -> None:
    plain = "select shop, customers from raw.visits"
    found = set()
    for sql in (plain, HEADER + plain):
        visits.write("data/sql/features/slow.sql", sql)
        ingest(visits.project)
        found.add(read_relations(visits.project)["features.slow"].fingerprint)
    assert len(found) == 1


def test_names_that_look_like_ours_do_not_clash(visits: Folder) -> None:
    visits.write("data/sql/features/slow.sql", SLOW)
    for name in ("slow__new", "new", "slow_new"):
        visits.write(f"data/sql/features/{name}.sql", f"{HEADER}select '{name}' as name")
    first = stamps(visits)
    assert visits.query("from features.slow__new") == [("slow__new",)]
    visits.write("data/sql/features/more.sql", "select 1 as one")
    assert stamps(visits) == first
    tables = "select table_name from duckdb_tables() where schema_name = 'features' order by all"
    assert [name for (name,) in visits.query(tables)] == ["new", "slow", "slow__new", "slow_new"]


def test_rows_on_which_it_fails_are_told_with_view_file_and_line(visits: Folder) -> None:
    ingest(visits.project)
    before = visits.project.warehouse.read_bytes()
    visits.write(
        "data/sql/features/slow.sql",
        f"{HEADER}select\n  day,\n  shop::integer as number\nfrom raw.visits",
    )
    with pytest.raises(ViewError) as caught:
        ingest(visits.project)
    error = caught.value
    assert error.what.startswith("`features.slow` cannot be materialized: Could not convert")
    assert str(error.where) == "data/sql/features/slow.sql:4"
    assert error.hint is not None and "materialized: true" in error.hint
    assert visits.project.warehouse.read_bytes() == before
    assert not list((visits.root / "data").glob(".warehouse-*"))


def test_damaged_old_warehouse_is_no_reason_to_fail(visits: Folder) -> None:
    visits.write("data/sql/features/slow.sql", SLOW)
    first = stamps(visits)
    _damage(visits.project.warehouse)
    visits.write("data/sql/features/other.sql", "select 1 as one")
    second = stamps(visits)
    assert len(second) == 2 and second != first


def test_old_warehouse_without_the_table_is_no_reason_to_fail(visits: Folder) -> None:
    import duckdb

    visits.write("data/sql/features/slow.sql", SLOW)
    first = stamps(visits)
    size = visits.project.warehouse.stat().st_size
    with duckdb.connect(str(visits.project.warehouse)) as con:
        con.execute("drop table features.slow")
    # The record holds on to the size of the file.
    with visits.project.warehouse.open("r+b") as file:
        file.truncate(size)
    visits.write("data/sql/features/other.sql", "select 1 as one")
    assert stamps(visits) != first


def _damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[12288:] = bytes(len(content) - 12288)
    file.write_bytes(content)


def test_many_rows_below_a_table_do_not_count_above_it(
    visits: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.warehouse.building.relations.MOST_ROWS", 1)
    visits.write("data/sql/features/direct.sql", "select count(*) as n from raw.visits")
    visits.write("data/sql/features/slow.sql", f"{HEADER}select count(*) as n from raw.visits")
    visits.write("data/sql/features/above.sql", "select n from features.slow")
    ingest(visits.project)
    relations = read_relations(visits.project)
    told = {name: relations[f"features.{name}"].by for name in ("direct", "slow", "above")}
    assert told == {"direct": "definition", "slow": "content", "above": "content"}
