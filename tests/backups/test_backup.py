"""A backup brings everything back, whole, or says what is wrong and changes nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from analysis.lineage import read_relations
from analysis.warehouse.ingest import ingest
from tests.backups.conftest import backups, clone, contents, objects, s3
from tests.helpers.inside import analysis
from tests.snapshots.conftest import CHANGED_CSV, shop
from tests.snapshots.test_snapshot import BIG
from tests.warehouse.conftest import VISITS, Folder

__all__ = ["clone", "s3", "shop"]


def back_up(folder: Folder, url: Path | str) -> str:
    """Back up, and give the id."""
    outcome = analysis(folder.root, "backup", str(url))
    assert outcome.code == 0, outcome.err
    return outcome.out.split()[-1]


def test_there_and_back(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """Into an empty clone: the same files, and the same warehouse without an ingest."""
    shop.write("data/raw/deep/größe + 100%.csv", "a\n")
    shop.write("data/runs/1/model.bin", bytes(range(256)))
    shop.write("data/raw/empty.csv", "")
    name = back_up(shop, tmp_path / "store")
    outcome = analysis(clone.root, "restore", str(tmp_path / "store"))
    assert outcome.code == 0, outcome.err
    assert f"restored the backup {name}" in outcome.out
    assert contents(clone) == contents(shop)
    assert read_relations(clone.project) == read_relations(shop.project)
    rows = "from raw.visits order by all"
    assert clone.query(rows) == shop.query(rows)
    assert analysis(clone.root, "ingest").out == "the warehouse is up to date\n"
    again = analysis(clone.root, "restore", str(tmp_path / "store"))
    assert again.out.startswith("0 files written (0 bytes fetched)")


def test_what_is_there_is_not_sent_again(shop: Folder, tmp_path: Path) -> None:
    """Equal content is one object; a second backup sends what is new."""
    store = tmp_path / "store"
    shop.write("data/raw/a.csv", "same\n")
    shop.write("data/raw/b.csv", "same\n")
    first = back_up(shop, store)
    files = json.loads((store / "backups" / f"{first}.json").read_bytes())["files"]
    assert files["data/raw/a.csv"] == files["data/raw/b.csv"]
    for path in objects(store):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    before = {path: path.stat().st_mtime_ns for path in objects(store)}
    shop.write("data/raw/c.csv", "new\n")
    outcome = analysis(shop.root, "backup", str(store))
    assert "4 bytes sent" in outcome.out
    now = {path: path.stat().st_mtime_ns for path in objects(store)}
    assert len(now) == len(before) + 1
    assert before.items() <= now.items()
    assert len(backups(store)) == 2
    listed = analysis(shop.root, "backup", str(store), "--list")
    assert [line.split()[0] for line in listed.out.splitlines()] == backups(store)


def test_scratch_files_stay_here(shop: Folder, tmp_path: Path) -> None:
    """Nor does the warehouse go, which the snapshot holds."""
    for name in (".warehouse-x/warehouse.duckdb", "raw/.visits.csv.abc.tmp", "snapshots/.new-x/f"):
        shop.write(f"data/{name}", "x")
    name = back_up(shop, tmp_path / "store")
    files = json.loads((tmp_path / "store" / "backups" / f"{name}.json").read_bytes())["files"]
    (snapshot,) = (
        path.name for path in shop.project.snapshots_dir.iterdir() if path.name[0] != "."
    )
    assert sorted(files) == [
        "data/raw/visits.csv",
        *(f"data/snapshots/{snapshot}/{n}" for n in ("snapshot.json", "warehouse.duckdb")),
        f"data/snapshots/{snapshot}/warehouse.json",
        *(f"data/{n}" for n in ("sources.lock", "sources.yml")),
        *(f"data/sql/{n}.sql" for n in ("aggregates/total", "features/shops")),
    ]


def test_the_snapshot_of_a_backup_goes_with_the_next_one(shop: Folder, tmp_path: Path) -> None:
    """It is in the store; here it would only pile up."""
    back_up(shop, tmp_path / "store")
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    back_up(shop, tmp_path / "store")
    assert len(list(shop.project.snapshots_dir.iterdir())) == 1


def test_an_older_one_is_chosen_by_its_id(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """By its beginning, or by what stands behind the time."""
    store = str(tmp_path / "store")
    first = back_up(shop, store)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    second = back_up(shop, store)
    outcome = analysis(clone.root, "restore", store, "--id", first.rpartition("-")[2])
    assert outcome.code == 0
    assert clone.query("select max(customers) from raw.visits") == [(3,)]
    outcome = analysis(clone.root, "restore", store, "--id", first[:6])
    assert "may be 2 backups" in outcome.err
    outcome = analysis(clone.root, "restore", store, "--id", second[:-1] + "x")
    assert outcome.code == 2
    assert f"did you mean `{second}`" in outcome.err


def test_a_file_that_differs_is_not_overwritten(
    shop: Folder, clone: Folder, tmp_path: Path
) -> None:
    """It is named, nothing else is written; with --force it is."""
    store = str(tmp_path / "store")
    back_up(shop, store)
    clone.write("data/raw/visits.csv", "mine\n")
    clone.write("data/raw/other.csv", "also mine\n")
    outcome = analysis(clone.root, "restore", store)
    assert outcome.code == 2
    assert "1 file differs from the backup:\n  data/raw/visits.csv\n" in outcome.err
    assert "--force" in outcome.err
    assert contents(clone) == {
        "data/raw/other.csv": b"also mine\n",
        "data/raw/visits.csv": b"mine\n",
    }
    assert analysis(clone.root, "restore", store, "--force").code == 0
    assert contents(clone) == {**contents(shop), "data/raw/other.csv": b"also mine\n"}


def test_a_snapshot_that_is_here_stays(shop: Folder, tmp_path: Path) -> None:
    """Its content is the same, so it matters not that somebody noted something since."""
    store = str(tmp_path / "store")
    back_up(shop, store)
    assert analysis(shop.root, "snapshot", "create", "--note", "mine").code == 0
    outcome = analysis(shop.root, "restore", store)
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("0 files written")
    assert "mine" in analysis(shop.root, "snapshot", "list").out


@pytest.mark.parametrize("damage", ["missing", "longer", "flipped"])
def test_a_damaged_object_changes_nothing(
    shop: Folder, clone: Folder, tmp_path: Path, damage: str
) -> None:
    """The file is named; what could have been fetched is not written either."""
    store = tmp_path / "store"
    name = back_up(shop, store)
    files = json.loads((store / "backups" / f"{name}.json").read_bytes())["files"]
    target = store / "objects" / files["data/sources.yml"]["sha256"]
    content = target.read_bytes()
    if damage == "missing":
        target.unlink()
    else:
        wrong = content + b"x" if damage == "longer" else content[:-2] + b"xx"
        target.write_bytes(wrong)
    clone.write("data/raw/mine.csv", "mine\n")
    outcome = analysis(clone.root, "restore", str(store), "--force")
    assert outcome.code == 2
    told = "is missing" if damage == "missing" else "is damaged"
    assert f"data/sources.yml: the content of this file {told} in the store" in outcome.err
    assert contents(clone) == {"data/raw/mine.csv": b"mine\n"}
    assert not clone.project.warehouse.exists()
    if damage != "flipped":  # a backup sees sizes; what it sees as damaged, it sends again
        back_up(shop, store)
        assert analysis(clone.root, "restore", str(store)).code == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff"])
def test_a_damaged_manifest(shop: Folder, tmp_path: Path, content: bytes) -> None:
    """It is an error with a hint, and the list goes on."""
    store = tmp_path / "store"
    name = back_up(shop, store)
    (store / "backups" / f"{name}.json").write_bytes(content)
    outcome = analysis(shop.root, "restore", str(store))
    assert outcome.code == 2
    assert f"the manifest of the backup {name} is damaged" in outcome.err
    listed = analysis(shop.root, "backup", str(store), "--list")
    assert listed.code == 0
    assert "is damaged" in listed.out


def test_a_changed_manifest_is_seen(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """Its name holds a hash of it, so no path out of the project can be slipped in."""
    store = tmp_path / "store"
    name = back_up(shop, store)
    path = store / "backups" / f"{name}.json"
    path.write_text(path.read_text().replace("data/raw/visits.csv", "data/../../evil.csv"))
    assert "is damaged" in analysis(clone.root, "restore", str(store)).err


def test_links(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """Out of the project: refused, both ways. Inside: the content is what counts."""
    store = str(tmp_path / "store")
    (tmp_path / "outside.csv").write_text("secret\n")
    link = shop.root / "data" / "raw" / "link.csv"
    for target in (tmp_path / "outside.csv", tmp_path, tmp_path / "nothing"):
        link.symlink_to(target)
        outcome = analysis(shop.root, "backup", store)
        assert outcome.code == 2
        assert "data/raw/link.csv: this " in outcome.err
        assert not (tmp_path / "store" / "backups").exists()
        link.unlink()
    link.symlink_to("visits.csv")
    (shop.root / "data" / "raw" / "loop").symlink_to(".")
    back_up(shop, store)
    (tmp_path / "elsewhere").mkdir()
    (clone.root / "data").mkdir()
    (clone.root / "data" / "raw").symlink_to(tmp_path / "elsewhere")
    outcome = analysis(clone.root, "restore", store)
    assert "leads out of the project" in outcome.err
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (clone.root / "data" / "raw").unlink()
    assert analysis(clone.root, "restore", store).code == 0
    restored = clone.root / "data" / "raw" / "link.csv"
    assert not restored.is_symlink()
    assert restored.read_bytes() == (clone.root / "data/raw/visits.csv").read_bytes()


def test_a_folder_in_the_place_of_a_file(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """And the other way round; not even --force removes them."""
    store = str(tmp_path / "store")
    back_up(shop, store)
    clone.write("data/raw/visits.csv/inner", "x")
    outcome = analysis(clone.root, "restore", store, "--force")
    assert "data/raw/visits.csv: a folder is in the place" in outcome.err
    clone.write("data/sql", "x") if not (clone.root / "data/sql").exists() else None
    (clone.root / "data/raw/visits.csv/inner").unlink()
    (clone.root / "data/raw/visits.csv").rmdir()
    outcome = analysis(clone.root, "restore", store, "--force")
    assert "a file in the place of its folder" in outcome.err


def test_a_warehouse_that_was_changed_is_named(shop: Folder, tmp_path: Path) -> None:
    """The data are backed up all the same."""
    shop.project.warehouse.with_suffix(".json").unlink()
    outcome = analysis(shop.root, "backup", str(tmp_path / "store"))
    assert outcome.code == 0
    assert "warning: the warehouse is not backed up" in outcome.err
    assert "analysis ingest" in outcome.err


def test_a_project_without_data(clone: Folder, tmp_path: Path) -> None:
    """There is nothing to send, and nothing goes wrong."""
    back_up(clone, tmp_path / "store")
    assert analysis(clone.root, "restore", str(tmp_path / "store")).code == 0


def test_large_files_are_backed_up_too(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """In a clone elsewhere the warehouse still looks for them in the old place, and says so."""
    path = shop.root / "data" / "raw" / "big"
    path.mkdir()
    duckdb.execute(f"copy (select 'a' as x) to '{path}/a.parquet'")
    shop.write("data/sources.yml", VISITS + BIG)
    ingest(shop.project)
    back_up(shop, tmp_path / "store")
    shop.root.rename(tmp_path / "moved")
    outcome = analysis(clone.root, "restore", str(tmp_path / "store"))
    assert outcome.code == 0
    assert f"warning: {path}/a.parquet is missing or changed" in outcome.err
    assert analysis(clone.root, "ingest").code == 0
    assert clone.query("from raw.big") == [("a",)]
