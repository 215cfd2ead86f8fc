"""``analysis monitor forget``, as users call it: nothing of a subject stays, and all else does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.errors import ProjectError
from analysis.models.bundle.record import KeyField
from analysis.monitoring.forgetting.subject import subject_of
from analysis.monitoring.stored.retained import keep_from, read_retained
from analysis.project import find_project
from analysis.project.secret import hashed, project_secret
from analysis.service.log.personal import Personal
from analysis.service.log.segments import SegmentLog
from analysis.warehouse.predictionlog import compact
from tests.helpers.bundles import add_bundle, bundle_of
from tests.helpers.projects import analysis, write_project
from tests.monitoring.logs import label, line, write_labels, write_segment
from tests.service.log.entries import entry

_AT = datetime(2026, 5, 1, 10)
_EMAIL = KeyField("email", "VARCHAR", personal=True)
_KEY = (KeyField("id", "BIGINT"), _EMAIL)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with a model whose key has a personal column."""
    root = write_project(tmp_path / "project", {})
    add_bundle(root, key=_KEY)
    return root


def key(root: Path, id: int, email: str) -> dict[str, Any]:
    """Give a key as the log has it."""
    return {"id": id, "email": hashed(project_secret(find_project(root)), email)}


def log_of(root: Path) -> Path:
    """Give the folder of the log."""
    return root / "data/predictions/late-flights"


def write_log(root: Path) -> list[Path]:
    """Write a closed segment, one that is in Parquet, and one that has both."""
    ann, bob = key(root, 1, "ann@x.y"), key(root, 2, "bob@x.y")
    torn = '{"time": "2026-05-02T10:00:00+00:00", "key": {"email": "' + ann["email"]
    first = write_segment(
        log_of(root) / "a.jsonl",
        [line("r1", 0, _AT, key=ann), line("r1", 1, _AT, key=bob), line("r2", 0, _AT, key=bob)],
    )
    first.write_text(first.read_text() + torn)
    later = _AT + timedelta(days=1)
    lines = [line("r3", 0, later, key=ann), line("r4", 0, later, key=bob)]
    second, third = (write_segment(log_of(root) / f"{n}.jsonl", lines) for n in "bc")
    third.write_text(third.read_text().replace("r3", "r5").replace("r4", "r6"))
    compact(second)
    compact(third)
    third.unlink()
    return [first, second, third]


def write_some_labels(root: Path) -> None:
    """Write labels of both, by request and by key."""
    ann, bob = (json.dumps(key(root, *who)) for who in ((1, "ann@x.y"), (2, "bob@x.y")))
    told = [{"request": "r1", "row": 0}, {"request": "r1", "row": 1}, {"request": "r1"}]
    told += [{"request": "r3"}, {"key": ann}, {"key": bob}, {"request": "r9", "row": 0}]
    labels = [label("true", _AT, **one) for one in told]
    write_labels(root / "data/labels/late-flights/1.parquet", labels)
    write_labels(root / "data/labels/late-flights/2.parquet", labels[4:5])


def rows(folder: Path, columns: str) -> list[tuple[Any, ...]]:
    """Give all rows of the Parquet files in a folder."""
    with duckdb.connect() as con:
        return con.execute(
            f"select {columns} from read_parquet('{folder}/*.parquet') order by all"
        ).fetchall()


def texts(root: Path) -> bytes:
    """Give the bytes of all segments, and all values of all Parquet files, below the project."""
    found = b"".join(path.read_bytes() for path in (root / "data").rglob("*.jsonl"))
    for path in (root / "data").rglob("*.parquet"):
        found += str(rows(path.parent, "*")).encode()
    return found


def test_forget_by_a_plain_value(root: Path) -> None:
    """A personal value is named as it is; its hash is nowhere any more."""
    write_log(root)
    write_some_labels(root)
    hash_ = key(root, 1, "ann@x.y")["email"].encode()
    assert hash_ in texts(root)
    done = analysis(root, "monitor", "forget", "late-flights", "--key", "email=ann@x.y")
    assert done.code == 0, done
    assert "3 predictions, 4 labels" in done.out
    assert "2026-05-01, 2026-05-02" in done.out
    assert hash_ not in texts(root)
    assert rows(log_of(root), "request, row") == [("r1", 1), ("r2", 0), ("r4", 0), ("r6", 0)]
    assert not [*log_of(root).glob("*.jsonl")]
    kept = rows(root / "data/labels/late-flights", "request, row, key ->> '$.id'")
    assert kept == [("r1", 1, None), ("r1", None, None), ("r9", 0, None), (None, None, "2")]
    assert not (root / "data/labels/late-flights/2.parquet").exists()
    known = read_retained(find_project(root), "late-flights")
    assert known.recount == (date(2026, 5, 1), date(2026, 5, 2)) and known.kept_from is None


def test_forget_again_and_nobody(root: Path) -> None:
    """Then no file is written."""
    write_log(root)
    analysis(root, "monitor", "forget", "late-flights", "--key", "id=1,email=ann@x.y")
    before = {path: path.stat().st_ino for path in log_of(root).iterdir()}
    assert len(before) == 3
    for who in ("id=1", "id=2,email=ann@x.y", "id=77"):
        done = analysis(root, "monitor", "forget", "late-flights", "--key", who)
        assert done.code == 0 and "0 predictions, 0 labels" in done.out, done
    assert {path: path.stat().st_ino for path in log_of(root).iterdir()} == before


def test_what_a_server_writes_now_is_left(root: Path) -> None:
    """The command says so, and ends with 1; afterwards it goes."""
    log = SegmentLog(log_of(root), Personal("hash", project_secret(find_project(root))))
    keys = {"id": [1, 2], "email": ["ann@x.y", "bob@x.y"]}
    log.write([entry("r1", 2, keys=keys, personal=frozenset({"email"}))])
    done = analysis(root, "monitor", "forget", "late-flights", "--key", "email=ann@x.y")
    assert done.code == 1 and "left: 1 prediction in what a server writes now" in done.out, done
    (segment,) = log_of(root).iterdir()
    assert segment.name in done.out
    log.write([entry("r2", keys={"id": [3], "email": ["eve@x.y"]}, personal=frozenset({"email"}))])
    log.close()
    again = analysis(root, "monitor", "forget", "late-flights", "--key", "email=ann@x.y")
    assert again.code == 0, again
    assert rows(log_of(root), "request, row") == [("r1", 1), ("r2", 0)]


def test_days_that_are_not_kept_are_not_counted_again(root: Path) -> None:
    """They would lose what was counted."""
    write_log(root)
    keep_from(find_project(root), "late-flights", date(2026, 5, 2))
    analysis(root, "monitor", "forget", "late-flights", "--key", "id=1")
    assert read_retained(find_project(root), "late-flights").recount == (date(2026, 5, 2),)


def test_damaged_file_is_named(root: Path) -> None:
    """Others are looked into."""
    write_log(root)
    (log_of(root) / "d.parquet").write_bytes(b"PAR1 no more")
    done = analysis(root, "monitor", "forget", "late-flights", "--key", "id=1")
    assert done.code == 1 and "d.parquet is damaged" in done.out, done
    assert "3 predictions" in done.out


@pytest.mark.parametrize("text", ["", "id", "id=", "name=x", "id=1,name=2=", "=1", "id=1,id=2"])
def test_mistakes(root: Path, text: str) -> None:
    """A subject has to be named."""
    bundle = bundle_of("binary")
    try:
        subject = subject_of(find_project(root), bundle, text)
    except ProjectError as error:
        assert "names nobody" in error.what or "twice" in error.what
        assert error.hint and "--key" in error.hint
    else:
        # What follows a comma is part of the value, where it names no column.
        assert (text, subject.wanted[0].text) == ("id=1,name=2=", "1,name=2=")


def test_values_with_quotes_and_commas(root: Path) -> None:
    """They are taken as they are."""
    odd = 'O\'Neill, "x" \\ %'
    lines: Sequence[dict[str, Any]] = [line("r1", 0, _AT, key=key(root, 1, odd))]
    write_segment(log_of(root) / "a.jsonl", lines)
    done = analysis(root, "monitor", "forget", "late-flights", "--key", f"email={odd}")
    assert "1 prediction, 0 labels" in done.out, done
    assert not [*log_of(root).iterdir()]
