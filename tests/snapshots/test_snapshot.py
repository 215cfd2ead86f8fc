"""Snapshots are whole copies, stored once, checked before they are brought back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from analysis.errors import SnapshotError
from analysis.files import digest_file as digest
from analysis.lineage import read_relations
from analysis.lineage.system import SYSTEM
from analysis.warehouse.building.record import read_record
from analysis.warehouse.ingest import ingest
from analysis.warehouse.snapshots.create import Origin, create
from analysis.warehouse.snapshots.outside import changed_since
from analysis.warehouse.snapshots.prune import forget, prune
from analysis.warehouse.snapshots.restore import restore
from analysis.warehouse.snapshots.snapshot import (
    Purpose,
    Snapshot,
    find_snapshot,
    snapshots,
    verify,
)
from tests.helpers.inside import analysis
from tests.snapshots.conftest import change
from tests.warehouse.conftest import VISITS, VISITS_CSV, Folder

BIG = """
  big:
    description: Larger than what one copies
    kind: parquet
    path: data/raw/big
    in_place: true
    columns: {x: VARCHAR}
"""


def take(folder: Folder, made_for: Purpose = "somebody") -> Snapshot:
    """Take a snapshot of the project as it is now."""
    return create(folder.project, Origin(made_for)).snapshot


def described(file: Path) -> list[object]:
    """List all that a database holds: tables and views with their SQL, comments and rows."""
    with duckdb.connect(str(file), read_only=True) as con:
        relations = con.execute(
            "select schema_name, table_name, sql, comment from duckdb_tables() where not internal"
            " union all"
            " select schema_name, view_name, sql, comment from duckdb_views() where not internal"
            " order by all"
        ).fetchall()
        comments = con.execute(
            "select schema_name, table_name, column_name, data_type, comment"
            " from duckdb_columns() where not internal order by all"
        ).fetchall()
        # The rows of live relations are not in the file.
        kept = [f"{schema}.{name}" for schema, name, *_ in relations]
        rows = [con.execute(f"from {name}").fetchall() for name in kept if name not in SYSTEM]
    return [relations, comments, rows]


def test_it_holds_all_that_the_warehouse_holds(shop: Folder) -> None:
    """Tables, views on views, comments and types, in order, and the relations beside it."""
    one = take(shop)
    assert described(one.file) == described(shop.project.warehouse)
    record = read_record(shop.project)
    assert record is not None
    assert record.fingerprint.startswith(one.id)
    assert json.loads(one.record.read_bytes())["relations"].keys() == record.relations.keys()


def test_comments_types_and_macros_are_copied(shop: Folder) -> None:
    """Also what ingest itself does not make today: enums, macros, comments on views' columns."""
    with duckdb.connect(str(shop.project.warehouse)) as con:
        con.execute("create type raw.mood as enum ('good', 'bad')")
        con.execute("create table raw.moods as select 'bad'::raw.mood as mood")
        con.execute("create macro raw.twice(x) as 2 * x")
        con.execute("comment on view features.shops is 'by shop'")
        con.execute("comment on column features.shops.n is 'people'")
    record = json.loads(shop.project.warehouse.with_suffix(".json").read_bytes())
    record["size"] = shop.project.warehouse.stat().st_size
    shop.project.warehouse.with_suffix(".json").write_text(json.dumps(record))
    one = take(shop)
    assert described(one.file) == described(shop.project.warehouse)
    with duckdb.connect(str(one.file), read_only=True) as con:
        assert con.execute("select raw.twice(4)").fetchall() == [(8,)]


def test_equal_content_is_stored_once(shop: Folder) -> None:
    """A second one says so; the data there and back again gives the first one."""
    first = create(shop.project, Origin())
    assert first.is_new
    again = create(shop.project, Origin(note="for the audit"))
    assert not again.is_new
    assert again.snapshot.id == first.snapshot.id
    assert [one.details.note for one in snapshots(shop.project)] == ["for the audit"]
    change(shop)
    assert take(shop).id != first.snapshot.id
    assert len(snapshots(shop.project)) == 2


def test_what_was_changed_by_hand_is_no_snapshot(shop: Folder) -> None:
    """The record would tell of other rows; nothing is left behind."""
    with duckdb.connect(str(shop.project.warehouse)) as con:
        con.execute("update raw.visits set customers = 5 where shop = 'south'")
    record = json.loads(shop.project.warehouse.with_suffix(".json").read_bytes())
    record["size"] = shop.project.warehouse.stat().st_size
    shop.project.warehouse.with_suffix(".json").write_text(json.dumps(record))
    with pytest.raises(SnapshotError, match=r"raw\.visits is not what ingest put"):
        take(shop)
    assert not list(shop.project.snapshots_dir.iterdir())


def test_without_a_warehouse(shop: Folder) -> None:
    """The error says what to do."""
    shop.project.warehouse.unlink()
    with pytest.raises(SnapshotError, match="analysis ingest"):
        take(shop)


def test_restore_brings_rows_and_record_back(shop: Folder) -> None:
    """The warehouse is as it was; the next ingest builds the declared sources again."""
    then = described(shop.project.warehouse)
    relations = read_relations(shop.project)
    one = take(shop)
    change(shop)
    assert read_relations(shop.project) != relations
    restore(shop.project, one)
    assert described(shop.project.warehouse) == then
    assert read_relations(shop.project) == relations
    assert read_record(shop.project) is not None
    assert ingest(shop.project).changed
    assert shop.query("select customers from raw.visits where shop = 'north'") == [(30,)]


def test_a_damaged_one_is_not_restored(shop: Folder) -> None:
    """One bit of it differs, at equal size: the warehouse stays as it was."""
    one = take(shop)
    content = bytearray(one.file.read_bytes())
    content[5000] ^= 1
    one.file.write_bytes(content)
    before = shop.project.warehouse.read_bytes()
    with pytest.raises(SnapshotError, match="is damaged") as caught:
        restore(shop.project, one)
    assert str(caught.value.where) == f"data/snapshots/{one.id}/warehouse.duckdb"
    assert shop.project.warehouse.read_bytes() == before
    assert read_record(shop.project) is not None


@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse.json", "snapshot.json"])
def test_one_with_a_file_missing_is_named_and_made_again(shop: Folder, name: str) -> None:
    """The command says which; a new one takes its place."""
    one = take(shop)
    (one.folder / name).unlink()
    outcome = analysis(shop.root, "snapshot", "restore", one.id)
    assert outcome.code == 2
    assert f"data/snapshots/{one.id}/{name}" in outcome.err
    assert "Traceback" not in outcome.err
    assert "damaged" in analysis(shop.root, "snapshot", "list").out
    assert create(shop.project, Origin()).is_new
    verify(shop.project, find_snapshot(shop.project, one.id))


def test_ids_may_be_shortened(shop: Folder) -> None:
    """As long as one only is meant; what is misspelt is suggested."""
    one = take(shop)
    assert find_snapshot(shop.project, one.id[:3].upper()).id == one.id
    shutil.copytree(one.folder, one.folder.with_name(one.id[:-1] + "x"))
    with pytest.raises(SnapshotError, match="begins the ids of 2 snapshots"):
        find_snapshot(shop.project, one.id[:6])
    with pytest.raises(SnapshotError, match=f"did you mean .*`{one.id}`"):
        find_snapshot(shop.project, one.id[1:])


@pytest.mark.parametrize("name", ["", "../../raw", "nothing"])
def test_unknown_ids(shop: Folder, name: str) -> None:
    """No path is made of what is not an id."""
    take(shop)
    with pytest.raises(SnapshotError, match="there is no snapshot"):
        find_snapshot(shop.project, name)


def test_prune_keeps_the_newest_and_the_named(shop: Folder) -> None:
    """The rest goes, also those made by hand; what it freed can be told."""
    first = take(shop)
    change(shop)
    second = take(shop)
    assert prune(shop.project, 1, {first.id}) == ()
    assert [one.id for one in prune(shop.project, 1, set())] == [first.id]
    assert [one.id for one in prune(shop.project, 0, set())] == [second.id]
    assert not list(shop.project.snapshots_dir.iterdir())


def test_those_of_releases_go_with_them(shop: Folder) -> None:
    """One that somebody asked for stays, also if a release made it first, or if it is of today."""
    first = take(shop, "release")
    take(shop)
    change(shop)
    second = take(shop, "release")
    forget(shop.project, "release", {first.id, second.id})
    assert [one.id for one in snapshots(shop.project)] == [first.id, second.id]
    shop.write("data/raw/visits.csv", VISITS_CSV)
    ingest(shop.project)
    forget(shop.project, "backup", {second.id})
    forget(shop.project, "release", {first.id})
    assert len(snapshots(shop.project)) == 2
    forget(shop.project, "release", {first.id, second.id})
    assert [one.id for one in snapshots(shop.project)] == [first.id]


def test_large_files_stay_where_they_are(shop: Folder) -> None:
    """The snapshot scans them, and knows which of them changed."""
    folder = shop.root / "data" / "raw" / "big"
    folder.mkdir()
    for part in ("a", "b"):
        duckdb.execute(f"copy (select '{part}' as x) to '{folder}/{part}.parquet'")
    shop.write("data/sources.yml", VISITS + BIG)
    ingest(shop.project)
    one = take(shop)
    assert one.details.files == {str(path): digest(path) for path in sorted(folder.iterdir())}
    assert described(one.file) == described(shop.project.warehouse)
    assert changed_since(shop.project, one) == ()
    duckdb.execute(f"copy (select 'c' as x) to '{folder}/b.parquet'")
    assert changed_since(shop.project, one) == ("data/raw/big/b.parquet",)
    outcome = analysis(shop.root, "snapshot", "restore", one.id)
    assert outcome.code == 0
    assert "warning: data/raw/big/b.parquet is missing or changed since the snap" in outcome.err
    assert "a.parquet" not in outcome.err
