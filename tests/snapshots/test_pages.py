"""Pages are created again as they were when a snapshot was taken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analysis.cli.releasing import release
from analysis.errors import SnapshotError
from analysis.project import open_project
from analysis.site.manifest import Manifest
from analysis.warehouse.connection import db
from analysis.warehouse.snapshots.snapshot import snapshots
from tests.helpers.projects import analysis
from tests.snapshots.conftest import CHANGED_CSV
from tests.warehouse.conftest import VISITS_CSV, Folder

# It opens the database by itself, names it, and looks whether there are files beside it.
PAGE = """\
---
title: Visits
---

```{python}
from pathlib import Path

import analysis

analysis.query("select * from features.shops order by shop")
```

```{python}
print(analysis.db().execute("select n from warehouse.aggregates.total").fetchall())
print(sum(path.suffix == ".yml" for path in Path("data").glob("*")))
```
"""
TEXT = "---\ntitle: Visits\n---\n\nA page without code.\n"


def frozen(folder: Folder) -> bytes:
    """Read the frozen result of the page."""
    return (folder.root / "_freeze" / "index" / "execute-results" / "html.json").read_bytes()


def manifests(folder: Folder) -> list[dict[str, object]]:
    """Read the manifests of the releases, the oldest first."""
    return [
        json.loads(path.read_bytes())
        for path in sorted((folder.root / "published" / "manifests").iterdir())
    ]


def ids(folder: Folder) -> list[str]:
    """List the snapshots by age."""
    return [one.id for one in snapshots(open_project(folder.root))]


def test_a_page_is_byte_for_byte_what_it_was(shop: Folder) -> None:
    """In a forked kernel and in one of its own; afterwards an ordinary run brings today back."""
    shop.write("index.qmd", PAGE)
    outcome = analysis(shop.root, "publish")
    assert outcome.code == 0, outcome.err
    then = frozen(shop)
    (name,) = ids(shop)
    assert manifests(shop)[0]["snapshot"] == name
    assert analysis(shop.root, "run").out == ""  # snapshots are no news to a page
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    assert analysis(shop.root, "run").code == 0
    now = frozen(shop)
    assert now != then
    warehouse = shop.project.warehouse.read_bytes()
    assert analysis(shop.root, "run", "--snapshot", name[:6]).code == 0
    assert frozen(shop) == then
    assert analysis(shop.root, "run", "--snapshot", name).out == ""
    status = analysis(shop.root, "status", "--why", "index.qmd").out
    assert "`features.shops` changed: column `n`" in status
    assert analysis(shop.root, "run").code == 0
    assert frozen(shop) == now
    assert analysis(shop.root, "run", "--no-preload", "--snapshot", name).code == 0
    assert frozen(shop) == then
    assert shop.project.warehouse.read_bytes() == warehouse


def test_the_shell_does_not_choose_for_a_run(shop: Folder) -> None:
    """A variable left set there would give pages that do not fit what is recorded of them."""
    assert analysis(shop.root, "snapshot", "create").code == 0
    (name,) = ids(shop)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    assert analysis(shop.root, "run", ANALYSIS_SNAPSHOT=name).code == 0
    assert b"30" in frozen(shop)


def test_a_notebook_may_open_one(shop: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same variable; one that is not there is an error."""
    assert analysis(shop.root, "snapshot", "create").code == 0
    (name,) = ids(shop)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    monkeypatch.setenv("ANALYSIS_SNAPSHOT", name[:5])
    with db(shop.root) as con:
        assert con.execute("select n from aggregates.total").fetchall() == [(3,)]
    monkeypatch.setenv("ANALYSIS_SNAPSHOT", "abc")
    with pytest.raises(SnapshotError, match="there is no snapshot `abc`"):
        db(shop.root)
    monkeypatch.delenv("ANALYSIS_SNAPSHOT")
    with db(shop.root) as con:
        assert con.execute("select n from aggregates.total").fetchall() == [(30,)]


def test_a_release_from_a_snapshot_names_it(shop: Folder) -> None:
    """Nothing is ingested; the current warehouse stays."""
    shop.write("index.qmd", TEXT)
    assert analysis(shop.root, "publish").code == 0
    (first,) = ids(shop)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    shop.write("index.qmd", TEXT + "More.\n")
    assert analysis(shop.root, "publish").code == 0
    second = ids(shop)[1]
    shop.write("data/raw/visits.csv", VISITS_CSV + "2026-01-03,east,99\n")
    shop.write("index.qmd", TEXT)
    outcome = analysis(shop.root, "publish", "--snapshot", first)
    assert outcome.code == 0
    assert "built" not in outcome.out
    assert [one["snapshot"] for one in manifests(shop)] == [first, second, first]
    assert shop.query("select max(customers) from raw.visits") == [(30,)]


def test_snapshots_are_taken_for_new_releases_only(shop: Folder) -> None:
    """Not without a release, and not when nothing changed."""
    shop.write("index.qmd", TEXT)
    assert analysis(shop.root, "publish", "--no-release").code == 0
    assert ids(shop) == []
    assert analysis(shop.root, "publish").code == 0
    (name,) = ids(shop)
    shutil.rmtree(shop.project.snapshots_dir / name)
    assert analysis(shop.root, "publish").code == 0
    assert ids(shop) == []


def test_they_go_with_their_releases(shop: Folder) -> None:
    """The last ten releases are kept; what is only theirs goes with them."""
    (shop.root / "published").mkdir()

    def publish(number: int) -> None:
        staging = shop.root / "published" / "staging"
        shop.write("published/staging/index.html", str(number))
        release(shop.project, staging, Manifest("embedded", ()))

    publish(0)
    (first,) = ids(shop)
    shop.write("data/raw/visits.csv", CHANGED_CSV)
    assert analysis(shop.root, "ingest").code == 0
    for number in range(1, 10):
        publish(number)
        assert ids(shop)[0] == first
    publish(10)
    assert len(manifests(shop)) == 10
    assert first not in ids(shop)
    assert {one["snapshot"] for one in manifests(shop)} == set(ids(shop))


def test_they_can_be_switched_off(shop: Folder) -> None:
    """The release then names none."""
    shop.write("index.qmd", TEXT)
    shop.write("pyproject.toml", "[tool.analysis]\nsnapshots = false\n")
    assert analysis(shop.root, "publish").code == 0
    assert ids(shop) == []
    assert manifests(shop)[0]["snapshot"] is None


def test_a_wrong_setting_stops_the_release(shop: Folder) -> None:
    """With file and line."""
    shop.write("index.qmd", TEXT)
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
    shop.write("index.qmd", TEXT)
    record = shop.project.warehouse.with_suffix(".json")
    values = json.loads(record.read_bytes())
    values["relations"]["raw.visits"]["fingerprint"] = "0" * 32
    record.write_text(json.dumps(values))
    outcome = analysis(shop.root, "publish")
    assert outcome.code == 0
    assert "no snapshot of the warehouse: raw.visits is not what" in outcome.err
    assert manifests(shop)[0]["snapshot"] is None
