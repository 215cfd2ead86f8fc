"""Counts that are brought up to date by and by, and such as are made at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from analysis.models.bundle.record import Version
from analysis.models.registry.registry import open_registry
from analysis.monitoring.cells.refresh import refresh
from analysis.monitoring.cells.refreshed import Refreshed
from analysis.monitoring.declared.record import Monitor, Segment
from analysis.monitoring.stored.retained import keep_from, read_retained, recount
from analysis.project import find_project
from analysis.warehouse.predictionlog import compact
from tests.helpers.bundles import add_bundle
from tests.helpers.monitored_rows import random_rows
from tests.helpers.projects import snapshot, write_project
from tests.monitoring.logs import label, line, write_labels, write_segment

MODEL = "late-flights"
MONITOR = Monitor(MODEL, threshold=0.3, segments=(Segment("wind", (10.0, 30.0)),))
HOME = f"data/monitoring/{MODEL}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project", {})


@pytest.fixture
def version(root: Path) -> Version:
    return add_bundle(root)


def refreshed(root: Path, monitor: Monitor = MONITOR) -> Refreshed:
    project = find_project(root)
    return refresh(project, monitor, open_registry(project).kept(MODEL))


def lines(version: str, rows: int, seed: int) -> list[dict[str, Any]]:
    """Make up lines of the log, of four days around the end of a month."""
    return [
        line(f"{seed}-{row['request']}", row["row"], row["time"], version=version, arm=row["arm"],
             shadow=row["shadow"], key=json.loads(row["key"]), inputs=json.loads(row["inputs"]),
             outputs=json.loads(row["outputs"]), latency_ms=row["latency_ms"])
        for row in random_rows("binary", rows, seed)
    ]  # fmt: skip


def segment(root: Path, name: str, told: Sequence[dict[str, Any]]) -> Path:
    return write_segment(root / "data" / "predictions" / MODEL / f"{name}.jsonl", told)


def labels(root: Path, name: str, told: Sequence[dict[str, Any]]) -> Path:
    return write_labels(root / "data" / "labels" / MODEL / f"{name}.parquet", told)


def cells(root: Path) -> list[tuple[Any, ...]]:
    files = f"{root}/{HOME}/cells/2*.parquet"
    found: list[tuple[Any, ...]] = duckdb.sql(f"from '{files}' order by all").fetchall()
    return found


def total(root: Path, what: str, where: str = "field = ''") -> Any:
    files = f"{root}/{HOME}/cells/2*.parquet"
    return duckdb.sql(f"select {what} from '{files}' where {where}").fetchall()[0][0]


def afresh(root: Path, other: Path) -> list[tuple[Any, ...]]:
    """Count all that there is from nothing, in a copy."""
    shutil.copytree(root, other)
    shutil.rmtree(other / HOME, ignore_errors=True)
    refreshed(other)
    return cells(other)


def test_what_is_new_is_counted_and_nothing_twice(root: Path, version: Version) -> None:
    told = lines(version.id, 60, 1)
    segment(root, "a", told[:40])
    first = refreshed(root)
    assert first.rows == total(root, "sum(rows)") == 40 and len(first.days) > 1
    before = snapshot(root, "data/monitoring")
    again = refreshed(root)
    assert again.days == () and again.rows == 40
    assert snapshot(root, "data/monitoring") == before
    segment(root, "a", told)
    grown = refreshed(root)
    assert grown.rows == total(root, "sum(rows)") == 60
    path = segment(root, "b", lines(version.id, 20, 2))
    assert refreshed(root).rows == 80
    counts = cells(root)
    compact(path)
    assert refreshed(root).repeated == 0
    path.unlink()
    refreshed(root)
    assert cells(root) == counts


def test_labels_come_later_and_count_in_their_days(root: Path, version: Version) -> None:
    told = lines(version.id, 40, 3)
    segment(root, "a", told)
    refreshed(root)
    at = datetime(2024, 3, 1)
    some = [
        label(("true", "false")[n % 2], at, request=one["request"], row=one["row"])
        for n, one in enumerate(told[:7])
    ]
    labels(root, "l1", some)
    came = refreshed(root)
    assert came.labelled == total(root, "sum(labelled)") == 7
    assert {str(day) for day in came.days} == {one["time"][:10] for one in told[:7]}
    assert total(root, "sum(label)") == 4
    contradicting = label("false", at + timedelta(1), request=told[0]["request"], row=0)
    labels(root, "l2", [contradicting])
    assert refreshed(root).contradicting == 1
    assert total(root, "sum(label)") == 3


def test_labels_may_be_there_before_their_predictions(root: Path, version: Version) -> None:
    told = lines(version.id, 10, 4)
    given = [label("true", datetime(2024, 1, 1), key=json.dumps(one["key"])) for one in told]
    labels(root, "early", given)
    assert refreshed(root).unmatched == 10
    segment(root, "a", told)
    done = refreshed(root)
    assert (done.labelled, done.unmatched) == (10, 0)


@pytest.mark.parametrize("seed", range(6))
def test_by_and_by_is_as_at_once(root: Path, version: Version, tmp_path: Path, seed: int) -> None:
    random, log = Random(seed), dict[str, list[dict[str, Any]]]()
    for step in range(7):
        name = f"s{random.randrange(4)}"
        what = random.choice(["log", "log", "labels", "compact", "nothing"])
        path = root / "data" / "predictions" / MODEL / f"{name}.jsonl"
        if what == "log" and not path.with_suffix(".parquet").exists():
            log[name] = log.get(name, []) + lines(
                version.id, random.randrange(1, 30), seed * 10 + step
            )
            segment(root, name, log[name])
        elif what == "compact" and path.exists():
            compact(path)
            path.unlink()
        elif what == "labels" and log:
            labels(
                root, f"l{step}", _some_labels(random, [one for of in log.values() for one in of])
            )
        if random.random() < 0.8:
            refreshed(root)
    refreshed(root)
    assert cells(root) == afresh(root, tmp_path / "other")


def _some_labels(random: Random, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    at = datetime(2024, 3, 1) + timedelta(seconds=random.randrange(10**6))
    found = []
    for one in random.sample(rows, min(len(rows), 12)):
        kind = random.randrange(3)
        of: dict[str, Any] = {"request": one["request"], "row": one["row"] if kind else None}
        if kind == 2:
            of = {"key": json.dumps(one["key"])}
        found.append(label(random.choice(["true", "false"]), at, **of))
    return found


def test_days_whose_rows_were_removed_keep_their_counts(root: Path, version: Version) -> None:
    told = lines(version.id, 60, 5)
    path = segment(root, "a", told)
    refreshed(root)
    counts = cells(root)
    keep_from(find_project(root), MODEL, date(2024, 2, 1))
    segment(root, "a", [one for one in told if one["time"] >= "2024-02-01"])
    assert min(refreshed(root).days) >= date(2024, 2, 1)
    assert cells(root) == counts
    path.unlink()
    refreshed(root)
    assert cells(root) == counts


def test_days_of_which_files_are_gone_are_left_alone(root: Path, version: Version) -> None:
    segment(root, "a", lines(version.id, 60, 6))
    refreshed(root)
    counts = cells(root)
    (root / "data" / "predictions" / MODEL / "a.jsonl").unlink()
    segment(root, "b", lines(version.id, 10, 7))
    done = refreshed(root)
    assert done.days == () and any("are gone" in note for note in done.notes)
    assert cells(root) == counts


def test_somebody_who_was_removed_is_in_no_count(
    root: Path, version: Version, tmp_path: Path
) -> None:
    told = lines(version.id, 60, 8)
    segment(root, "a", told)
    segment(root, "b", told[:1])
    refreshed(root)
    (root / "data" / "predictions" / MODEL / "b.jsonl").unlink()
    segment(root, "a", told[1:])
    recount(find_project(root), MODEL, [date.fromisoformat(told[0]["time"][:10])])
    assert refreshed(root).rows == 59
    segment(root, "c", [{**told[0], "request": "another"}])
    assert refreshed(root).rows == 60
    assert read_retained(find_project(root), MODEL).recount == ()
    assert cells(root) == afresh(root, tmp_path / "other")


def test_other_settings_count_all_again(root: Path, version: Version) -> None:
    segment(root, "a", lines(version.id, 60, 9))
    refreshed(root)
    fields = total(root, "count(distinct field)", "true")
    done = refreshed(root, Monitor(MODEL, segments=(Segment("wind"), Segment("hour"))))
    assert len(done.days) > 1 and total(root, "count(distinct field)", "true") == fields + 1


def test_rows_of_versions_that_are_nowhere_are_counted(root: Path, version: Version) -> None:
    segment(root, "a", [*lines(version.id, 20, 10), *lines("gone", 10, 11)])
    done = refreshed(root)
    assert done.rows == 30 and any("version gone" in note for note in done.notes)
    assert total(root, "count(*)", "version = 'gone' and field not in ('', '@latency')") == 0


def test_a_version_whose_bundle_is_damaged_and_mended(
    root: Path, version: Version, tmp_path: Path
) -> None:
    bundle = root / "data" / "models" / MODEL / version.id / "bundle.json"
    whole = bundle.read_bytes()
    bundle.write_bytes(b"{")
    segment(root, "a", lines(version.id, 20, 12))
    assert any("damaged" in note for note in refreshed(root).notes)
    assert total(root, "count(*)", "field = 'wind'") == 0
    bundle.write_bytes(whole)
    assert refreshed(root).days != ()
    assert cells(root) == afresh(root, tmp_path / "other")


def test_clocks_that_jump_torn_lines_and_empty_files_stop_nothing(
    root: Path, version: Version
) -> None:
    told = lines(version.id, 3, 15)
    jumped = [{**one, "time": at} for one, at in zip(told, JUMPS, strict=True)]
    path = segment(root, "a", jumped)
    path.write_text(path.read_text() + '{"time": "2024-01-01T00:00:00+00:00", "requ')
    segment(root, "empty", [])
    nothing = {**told[0], "request": "bad", "row": None, "inputs": None, "outputs": None}
    segment(root, "b", [{**nothing, "error": {"status": 422, "type": "missing"}}])
    done = refreshed(root)
    assert done.rows == 3 and (done.begin, done.finish) == (date(1970, 1, 1), date(2099, 12, 31))
    assert total(root, "sum(rows)", "field = '@refused'") == 1


JUMPS = ("1970-01-01T00:00:00+00:00", "2099-12-31T23:59:59+00:00", "2024-02-01T00:00:00+00:00")


def test_the_event_happens_when_the_key_says(root: Path, version: Version) -> None:
    told = [
        {**one, "key": {"id": 1, "at": "2013-07-04 12:00:00"}} for one in lines(version.id, 9, 1)
    ]
    segment(root, "a", told)
    done = refreshed(root, Monitor(MODEL, time="at"))
    assert done.days == (date(2013, 7, 4),) and done.rows == 9


def test_the_reference_is_there_without_rows_of_training(root: Path, version: Version) -> None:
    segment(root, "a", lines(version.id, 9, 1))
    done = refreshed(root)
    assert any("rows of training" in note for note in done.notes)
    path = f"{root}/{HOME}/cells/training-{version.id}.parquet"
    found = duckdb.sql(f"select field, sum(rows) from '{path}' group by 1 order by 1").fetchall()
    assert dict(found)["wind"] == pytest.approx(version.bundle.provenance.rows, abs=3)
    assert set(dict(found)) == {"", "wind", "hour", "holiday", "carrier"}
