"""Rows that are too old go, day by day; what is counted of them is never counted again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.models.bundle.record import KeyField
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.forgetting.aging import drop_old
from analysis.monitoring.forgetting.retain import Dropped, retain
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.stored.retained import read_retained, recount, recounted
from analysis.project import Project, find_project
from tests.helpers.projects import write_project
from tests.monitoring.logs import label, line, write_labels, write_segment

_NOW = datetime(2026, 5, 31, 12)
_HOW = Joining((KeyField("id", "BIGINT"),))


def at(days: float) -> datetime:
    """Give when it was so many days ago."""
    return _NOW - timedelta(days=days)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project without a log."""
    return find_project(write_project(tmp_path / "project", {}))


def write_log(project: Project, ages: Sequence[float]) -> None:
    """Write a prediction for each of these ages in days."""
    lines = [line(f"r{age:g}", 0, at(age), key={"id": int(age)}) for age in ages]
    write_segment(project.root / "data/predictions/m/a.jsonl", lines)


def kept(project: Project, folder: str, column: str) -> list[Any]:
    """Give a column of all rows that are left."""
    files = project.root / folder / "m" / "*.parquet"
    with duckdb.connect() as con:
        found = con.execute(
            f"select {column} from read_parquet('{files}', union_by_name = true) order by all"
        )
        return [row[0] for row in found.fetchall()]


def test_old_days_go_as_a_whole(project: Project) -> None:
    """A day stays as long as one of its rows is young enough."""
    write_log(project, [40, 35, 30.4, 29.8, 5])  # one day has the third and the fourth
    done = retain(project, "m", _HOW, 30, _NOW)
    assert done == Dropped(2, 0, date(2026, 4, 27), ())
    assert kept(project, "data/predictions", "request") == ["r29.8", "r30.4", "r5"]
    assert read_retained(project, "m").kept_from == date(2026, 4, 27)
    assert retain(project, "m", _HOW, 30, _NOW) == Dropped(0, 0, date(2026, 4, 27), ())


def test_only_days_that_were_counted_go(project: Project) -> None:
    """The first that was not counted, and all after it, stay."""
    write_log(project, [40, 39, 38])
    done = retain(project, "m", _HOW, 30, _NOW, lambda day: day != at(39).date())
    assert (done.rows, done.kept_from) == (1, at(39).date())
    assert kept(project, "data/predictions", "request") == ["r38", "r39"]


def test_nothing_old_nothing_done(project: Project) -> None:
    """Neither in an empty log."""
    assert retain(project, "m", _HOW, 30, _NOW) == Dropped()
    write_log(project, [10, 5])
    assert retain(project, "m", _HOW, 30, _NOW) == Dropped()
    assert [path.suffix for path in (project.root / "data/predictions/m").iterdir()] == [".jsonl"]


def test_past_that_was_logged_now_stays(project: Project) -> None:
    """What counts is how long ago it was logged, and not when it happens."""
    how = Joining((KeyField("id", "BIGINT"), KeyField("day", "TIMESTAMP")), "day")
    keys = [{"id": 1, "day": "2013-07-01"}, {"id": 2, "day": "2013-07-02"}]
    lines = [
        line(f"r{n}", 0, at(age), key=key)
        for n, (age, key) in enumerate(zip((40, 2), keys, strict=True))
    ]
    write_segment(project.root / "data/predictions/m/a.jsonl", lines)
    done = retain(project, "m", how, 30, _NOW)
    assert (done.rows, done.kept_from) == (1, date(2013, 7, 2))


def test_labels_go_with_their_predictions(project: Project) -> None:
    """Those that a prediction has that is left, and young ones, stay."""
    write_log(project, [40, 20])
    told: list[dict[str, Any]] = [
        {"request": "r40", "row": 0},
        {"request": "r20", "row": 0},
        {"request": "r20"},
        {"key": json.dumps({"id": 40})},
        {"key": json.dumps({"id": 20})},
        {"key": json.dumps({"id": 20}), "time": at(10)},
        {"key": json.dumps({"id": 99})},
    ]
    names = ["a", "b", "c", "d", "e", "f", "g"]
    for name, received in (("old", at(35)), ("new", at(1))):
        labels = [
            label("true", received, **{"source": f"{name} {one}", **own})
            for one, own in zip(names, told, strict=True)
        ]
        write_labels(project.root / f"data/labels/m/{name}.parquet", labels)
    done = retain(project, "m", _HOW, 30, _NOW)
    assert (done.rows, done.labels) == (1, 3)
    expected = [f"new {one}" for one in names] + [f"old {one}" for one in "bcef"]
    assert kept(project, "data/labels", "source") == expected


def test_labels_by_a_key_that_nobody_knows_stay(project: Project) -> None:
    """All versions of the model may be damaged now."""
    write_log(project, [40, 20])
    told = [{"request": "r40", "row": 0}, {"key": json.dumps({"id": 20})}]
    labels = [label("true", at(35), **one) for one in told]
    write_labels(project.root / "data/labels/m/a.parquet", labels)
    assert retain(project, "m", Joining(()), 30, _NOW).labels == 1
    assert kept(project, "data/labels", "request") == [None]


def test_days_to_be_counted_again(project: Project) -> None:
    """They are noted until they were, and those that are gone never are."""
    days = [date(2026, 5, day) for day in (3, 1, 2)]
    recount(project, "m", days)
    recount(project, "m", days[:1])
    assert read_retained(project, "m").recount == tuple(sorted(days))
    recounted(project, "m", [date(2026, 5, 1), date(2026, 5, 9)])
    assert read_retained(project, "m").recount == (date(2026, 5, 2), date(2026, 5, 3))


def write_cells(project: Project, days: Sequence[date]) -> None:
    """Write counts of these days, and of training of another one."""
    folder = project.root / "data/monitoring/m/cells"
    folder.mkdir(parents=True)
    for name, origin, told in (
        ("2026-04", "production", days),
        ("training-v1", "training", [date(2026, 4, 23)]),
    ):
        values = ", ".join(f"('{origin}', date '{day}')" for day in told)
        duckdb.sql(f"from (values {values}) t(origin, day)").write_parquet(
            f"{folder}/{name}.parquet"
        )


def test_as_declared(project: Project) -> None:
    """Only what was counted goes, and a sentence says so."""
    write_log(project, [40, 39, 38, 5])
    now = _NOW.replace(tzinfo=UTC)
    assert drop_old(project, Monitor("m"), _HOW, now) == ()
    assert drop_old(project, Monitor("m", retain_days=30), _HOW, now) == ()
    write_cells(project, [at(40).date(), at(39).date()])
    (said,) = drop_old(project, Monitor("m", retain_days=30), _HOW, now)
    assert said.startswith("2 predictions and 0 labels that are older than 30 days were removed")
    assert said.endswith(f"days before {at(38).date()} stay as they are")
    assert kept(project, "data/predictions", "request") == ["r38", "r5"]
