"""Pages are created again as they were when a snapshot was taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.project import open_project
from analysis.warehouse.snapshots.snapshot import snapshots
from tests.helpers.projects import analysis
from tests.snapshots.conftest import CHANGED_CSV
from tests.warehouse.conftest import VISITS_CSV, Folder

# It names the database, opens it by itself, and looks whether there are files beside it.
PAGE = """\
---
title: By name
---

```{python}
from pathlib import Path

import analysis

print(analysis.db().execute("select n from warehouse.aggregates.total").fetchall())
print(sum(path.suffix == ".yml" for path in Path("data").glob("*")))
```
"""


def frozen(folder: Folder, page: str = "index") -> bytes:
    """Read the frozen result of a page."""
    return (folder.root / "_freeze" / page / "execute-results" / "html.json").read_bytes()


def manifests(folder: Folder) -> list[dict[str, object]]:
    """Read the manifests of the releases, the oldest first."""
    return [
        json.loads(path.read_bytes())
        for path in sorted((folder.root / "published" / "manifests").iterdir())
    ]


def ids(folder: Folder) -> list[str]:
    """List the snapshots by age."""
    return [one.id for one in snapshots(open_project(folder.root))]


@pytest.mark.parametrize("preload", ["--preload", "--no-preload"])
def test_a_page_is_byte_for_byte_what_it_was(shop: Folder, preload: str) -> None:
    """In a forked kernel and in one of its own; afterwards an ordinary run brings today back."""
    shop.write("named.qmd", PAGE)
    outcome = analysis(shop.root, "publish", preload)
    assert outcome.code == 0, outcome.err
    then = frozen(shop), frozen(shop, "named")
    (name,) = ids(shop)
    assert manifests(shop)[0]["snapshot"] == name
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "publish", preload).code == 0
    now = frozen(shop), frozen(shop, "named")
    assert now[0] != then[0] and now[1] != then[1]
    warehouse = shop.project.warehouse.read_bytes()

    assert analysis(shop.root, "run", preload, "--snapshot", name[:6]).code == 0
    assert (frozen(shop), frozen(shop, "named")) == then
    assert shop.project.warehouse.read_bytes() == warehouse
    again = analysis(shop.root, "run", "--snapshot", name)
    assert again.out == ""  # fresh with respect to that snapshot
    status = analysis(shop.root, "status", "--why", "index.qmd").out
    assert "`features.shops` changed: column `n`" in status

    assert analysis(shop.root, "run", preload).code == 0
    assert (frozen(shop), frozen(shop, "named")) == now


def test_the_shell_does_not_choose_for_a_run(shop: Folder) -> None:
    """A variable left set there would give pages that do not fit what is recorded of them."""
    assert analysis(shop.root, "snapshot", "create").code == 0
    (name,) = ids(shop)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    assert analysis(shop.root, "run", ANALYSIS_SNAPSHOT=name).code == 0
    assert b"30" in frozen(shop)


def test_a_release_from_a_snapshot_names_it(shop: Folder) -> None:
    """Nothing is ingested; the current warehouse stays."""
    assert analysis(shop.root, "publish").code == 0
    (first,) = ids(shop)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "publish").code == 0
    second = ids(shop)[1]
    outcome = analysis(shop.root, "publish", "--snapshot", first)
    assert outcome.code == 0
    assert "built" not in outcome.out
    assert [one["snapshot"] for one in manifests(shop)] == [first, second, first]
    assert shop.query("select max(customers) from raw.visits") == [(30,)]


def test_snapshots_are_taken_for_new_releases_only(shop: Folder) -> None:
    """Not without a release, and not when nothing changed."""
    assert analysis(shop.root, "publish", "--no-release").code == 0
    assert ids(shop) == []
    assert analysis(shop.root, "publish").code == 0
    (name,) = ids(shop)
    folder = shop.project.snapshots_dir / name
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert analysis(shop.root, "publish").code == 0  # nothing changed
    assert ids(shop) == []


def test_they_can_be_switched_off(shop: Folder) -> None:
    """The release then names none."""
    shop.write("pyproject.toml", "[tool.analysis]\nsnapshots = false\n")
    assert analysis(shop.root, "publish").code == 0
    assert ids(shop) == []
    assert manifests(shop)[0]["snapshot"] is None


def test_a_wrong_setting_stops_the_release(shop: Folder) -> None:
    """With file and line."""
    shop.write("pyproject.toml", "[tool.analysis]\nsnapshot = false\n")
    outcome = analysis(shop.root, "publish")
    assert outcome.code == 2
    assert "pyproject.toml:2: unknown key `snapshot`" in outcome.err
    assert "did you mean `snapshots`?" in outcome.err


def test_a_project_without_sources_has_none(tmp_path: Path) -> None:
    """Any Quarto website can be published."""
    folder = Folder(tmp_path / "plain")
    folder.write("index.qmd", "---\ntitle: Plain\n---\n\nText.\n")
    assert analysis(folder.root, "publish").code == 0
    assert manifests(folder)[0]["snapshot"] is None
    assert not (folder.root / "data").exists()


def test_a_warehouse_that_cannot_be_copied_keeps_no_news_back(shop: Folder) -> None:
    """The site is released, and the release says why it has no snapshot."""
    shop.write("data/raw/visits.csv", VISITS_CSV + "2026-01-03,east,1\n")
    assert analysis(shop.root, "ingest").code == 0
    record = shop.project.warehouse.with_suffix(".json")
    values = json.loads(record.read_bytes())
    values["relations"]["raw.visits"]["fingerprint"] = "0" * 32
    record.write_text(json.dumps(values))
    outcome = analysis(shop.root, "publish")
    assert outcome.code == 0
    assert "no snapshot of the warehouse: raw.visits is not what" in outcome.err
    assert manifests(shop)[0]["snapshot"] is None
