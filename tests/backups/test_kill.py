"""An interrupted backup or restore is no backup, and no restored half that counts as whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backups.conftest import backups, clone, contents, objects
from tests.backups.test_backup import back_up
from tests.helpers.death import killed
from tests.helpers.projects import analysis
from tests.snapshots.conftest import shop
from tests.warehouse.conftest import Folder

__all__ = ["clone", "shop"]

FOLDER = "analysis.warehouse.backups.folder"


def test_between_objects_and_manifest(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """There is no backup; what was sent is not sent again."""
    store = tmp_path / "store"
    killed(shop.root, FOLDER, "FolderStore.write", "before", "backup", str(store))
    assert len(objects(store)) > 3
    assert "no backups" in analysis(shop.root, "backup", str(store), "--list").out
    outcome = analysis(clone.root, "restore", str(store))
    assert outcome.code == 2
    assert "there is no backup" in outcome.err
    assert "of which 0 bytes sent" in analysis(shop.root, "backup", str(store)).out
    assert len(backups(store)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_while_an_object_is_sent(shop: Folder, clone: Folder, tmp_path: Path, when: str) -> None:
    """What is not whole has no name yet."""
    store = tmp_path / "store"
    killed(shop.root, FOLDER, "shutil.copyfile", when, "backup", str(store))
    assert [path.name[0] for path in objects(store)] == ["."]
    back_up(shop, store)
    assert analysis(clone.root, "restore", str(store)).code == 0
    assert contents(clone) == contents(shop)


@pytest.mark.parametrize("name", ["_place", "_bring_warehouse"])
def test_while_it_is_restored(shop: Folder, clone: Folder, tmp_path: Path, name: str) -> None:
    """Nothing before all was fetched; and the same command goes on where it was."""
    store = tmp_path / "store"
    back_up(shop, store)
    module = "analysis.warehouse.backups.restore"
    killed(clone.root, module, name, "before", "restore", str(store))
    left = {path for path in contents(clone) if ".warehouse-" not in path}
    assert len(left) == (0 if name == "_place" else len(contents(shop)))
    outcome = analysis(clone.root, "restore", str(store))
    assert outcome.code == 0
    assert clone.query("from raw.visits") == shop.query("from raw.visits")
    assert analysis(clone.root, "ingest").code == 0
    assert contents(clone) == contents(shop)
