"""`kill -9` leaves no half snapshot, and the next one is whole."""

from __future__ import annotations

import signal
import subprocess
import time

import duckdb
import pytest

from analysis.warehouse.building.record import read_record
from analysis.warehouse.snapshots.snapshot import damaged, find_snapshot, snapshots, verify
from tests.helpers.death import killed
from tests.helpers.projects import ANALYSIS, analysis
from tests.warehouse.conftest import Folder

CREATE = "analysis.warehouse.snapshots.create"


def see_that_a_snapshot_can_be_taken(folder: Folder) -> None:
    """There is none before, and one whole one and nothing else afterwards."""
    assert snapshots(folder.project) == ()
    assert damaged(folder.project) == ()
    outcome = analysis(folder.root, "snapshot", "create")
    assert outcome.code == 0
    assert outcome.out.startswith("created")
    (name,) = (path.name for path in folder.project.snapshots_dir.iterdir())
    verify(folder.project, find_snapshot(folder.project, name))


@pytest.mark.parametrize(
    ("module", "name", "when"),
    [
        ("analysis.warehouse.snapshots.copying", "copy_database", "after"),
        (CREATE, "write_record", "before"),
        (CREATE, "write_details", "before"),
        (CREATE, "_put", "before"),
    ],
)
def test_at_each_step(shop: Folder, module: str, name: str, when: str) -> None:
    """What is left is removed by the next one."""
    killed(shop.root, module, name, when, "snapshot", "create")
    assert [path.name[:5] for path in shop.project.snapshots_dir.iterdir()] == [".new-"]
    see_that_a_snapshot_can_be_taken(shop)


def test_after_the_rename(shop: Folder) -> None:
    """Then it is there, and whole."""
    killed(shop.root, CREATE, "_put", "after", "snapshot", "create")
    (one,) = snapshots(shop.project)
    verify(shop.project, one)
    assert "holds the same" in analysis(shop.root, "snapshot", "create").out


def test_while_rows_are_copied(shop: Folder) -> None:
    """Whenever it is: here as soon as the copy has begun to grow."""
    rows = "copy (select date '2026-01-01' as day, 'x' as shop, (random() * 1e9)::int as customers"
    path = shop.root / "data" / "raw" / "visits.csv"
    duckdb.execute(f"{rows} from range(1_000_000)) to '{path}' (header)").fetchall()
    assert analysis(shop.root, "ingest").code == 0
    for _ in range(3):
        process = subprocess.Popen([ANALYSIS, "snapshot", "create"], cwd=shop.root)
        while not list(shop.project.snapshots_dir.glob(".new-*/warehouse.duckdb")):
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert snapshots(shop.project) == ()
    see_that_a_snapshot_can_be_taken(shop)


@pytest.mark.parametrize("when", ["before", "after"])
def test_while_one_is_restored(shop: Folder, when: str) -> None:
    """The old warehouse, or the new one without a record, which ingest builds again."""
    assert analysis(shop.root, "snapshot", "create").code == 0
    (one,) = snapshots(shop.project)
    before = shop.query("from raw.visits order by all")
    module = "analysis.warehouse.snapshots.restore"
    killed(shop.root, module, "put_in_place", when, "snapshot", "restore", one.id)
    assert shop.query("from raw.visits order by all") == before
    assert (read_record(shop.project) is None) == (when == "after")
    assert analysis(shop.root, "ingest").code == 0
    assert read_record(shop.project) is not None
    assert not list((shop.root / "data").glob(".warehouse-*"))


def test_while_it_is_removed(shop: Folder) -> None:
    """It is there as a whole, or not at all."""
    assert analysis(shop.root, "snapshot", "create").code == 0
    module = "analysis.warehouse.snapshots.prune"
    killed(shop.root, module, "shutil.rmtree", "before", "snapshot", "prune", "--keep", "0")
    see_that_a_snapshot_can_be_taken(shop)
