"""Parquet whose ends are whole, and that is damaged in between: it is left out, and told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.models.bundle.record import KeyField
from analysis.models.registry.registry import open_registry
from analysis.monitoring.cells.refresh import refresh
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.forgetting.aging import drop_old
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.labels.sources import is_whole
from analysis.project import find_project
from analysis.warehouse.predictionlog import compact
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import analysis, write_project
from tests.monitoring.logs import label, line, write_labels, write_segment

MODEL = "late-flights"
LOG, LABELS = f"data/predictions/{MODEL}", f"data/labels/{MODEL}"
KEY = (KeyField("id", "BIGINT"),)
AT = datetime(2026, 5, 1, 10)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with a day in each of two files of the log; the second one is damaged."""
    root = write_project(tmp_path / "project", {})
    version = add_bundle(root, key=KEY).id
    for day, name in enumerate("ab"):
        time = AT + timedelta(days=day)
        told = [
            line(f"{name}{n}", 0, time, version=version, key={"id": 10 * day + n}) for n in range(9)
        ]
        segment = write_segment(root / LOG / f"{name}.jsonl", told)
        compact(segment)
        segment.unlink()
    damage(root / LOG / "b.parquet")
    return root


def damage(path: Path) -> None:
    """Overwrite what is between the first bytes and the footer."""
    content = path.read_bytes()
    end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    path.write_bytes(content[:4] + b"\xff" * (end - 4) + content[end:])
    assert is_whole(path)


def test_the_rest_is_counted(root: Path) -> None:
    """Each time that it is looked at."""
    project = find_project(root)
    for _ in range(2):
        found = refresh(project, Monitor(MODEL), open_registry(project).kept(MODEL))
        assert found.rows == 9
        assert f"`{MODEL}/b.parquet` is damaged, and left out" in found.notes


def test_what_was_counted_before_stays(root: Path) -> None:
    """A day is not counted again without rows that it had."""
    project = find_project(root)
    kept = open_registry(project).kept(MODEL)
    assert refresh(project, Monitor(MODEL), kept).rows == 9
    damage(root / LOG / "a.parquet")
    found = refresh(project, Monitor(MODEL, threshold=0.1), kept)
    assert found.rows == 9
    assert any("1 days from 2026-05-01" in note for note in found.notes), found.notes


def test_labels_are_taken(root: Path) -> None:
    """They are joined to what can be read; a damaged file of labels is left out, too."""
    when = AT + timedelta(days=9)
    told = [label("true", when, key='{"id": 1}')]
    damage(write_labels(root / LABELS / "1.parquet", told))
    (root / "labels.csv").write_text("id,label\n2,true\n12,false\n")
    done = analysis(root, "monitor", "labels", MODEL, "labels.csv")
    assert done.code == 0, done.err
    assert "of 1 predictions" in " ".join(done.out.split())
    assert "unmatched" in done.out


def test_a_subject_is_forgotten_in_all_else(root: Path) -> None:
    """What was not looked into is named."""
    done = analysis(root, "monitor", "forget", MODEL, "--key", "id=3")
    assert done.code == 1, done.err
    assert "1 prediction, 0 labels" in done.out
    assert f"left: {LOG}/b.parquet is damaged" in done.out


def test_what_is_old_is_removed(root: Path) -> None:
    """As far as it can be read."""
    project = find_project(root)
    refresh(project, Monitor(MODEL), open_registry(project).kept(MODEL))
    (said,) = drop_old(project, Monitor(MODEL, retain_days=30), Joining(KEY), datetime(2026, 8, 1))
    assert said.startswith("9 predictions and 0 labels")
    assert [path.name for path in (root / LOG).iterdir()] == ["b.parquet"]
