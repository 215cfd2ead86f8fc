"""``analysis snapshot`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.helpers.projects import analysis
from tests.snapshots.conftest import change
from tests.warehouse.conftest import Folder


def test_create_list_restore_prune(shop: Folder) -> None:
    """Each says what it did."""
    assert "no snapshots" in analysis(shop.root, "snapshot", "list").out
    outcome = analysis(shop.root, "snapshot", "create", "--note", "the first")
    assert outcome.code == 0
    assert outcome.out.startswith("created  snapshot ")
    name = outcome.out.split()[2]
    assert "holds the same" in analysis(shop.root, "snapshot", "create").out
    listed = json.loads(analysis(shop.root, "snapshot", "list", "--json").out)
    assert [(one["id"], one["note"]) for one in listed["snapshots"]] == [(name, "the first")]
    change(shop)
    outcome = analysis(shop.root, "snapshot", "restore", name[:5])
    assert outcome.code == 0
    assert f"restored snapshot {name}" in outcome.out
    assert "the next `analysis ingest`" in outcome.out
    assert shop.query("select customers from raw.visits where shop = 'north'") == [(3,)]
    outcome = analysis(shop.root, "snapshot", "prune", "--keep", "0")
    assert f"removed  snapshot {name}" in outcome.out
    assert outcome.out.endswith("freed\n")


def test_mistakes_have_a_hint(shop: Folder, tmp_path: Path) -> None:
    """Exit code 2, and no traceback."""
    for words in (
        ("snapshot", "restore", "abc"),
        ("run", "--snapshot", "abc"),
        ("publish", "--snapshot", "abc"),
    ):
        outcome = analysis(shop.root, *words)
        assert outcome.code == 2
        assert "there is no snapshot `abc`" in outcome.err
        assert "analysis snapshot list" in outcome.err
