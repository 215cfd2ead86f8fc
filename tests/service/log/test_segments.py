"""Segments: rotation, full disks, damage, personal values, and who may touch an open one."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import ProjectError
from analysis.files import write_bytes
from analysis.project import Project, open_project
from analysis.project.secret import project_secret
from analysis.service.log.compaction import compact_log
from analysis.service.log.personal import How, Personal
from analysis.service.log.segment import Segment
from analysis.service.log.segments import Rotation, SegmentLog
from tests.service.log.entries import entry

_PERSONAL = Personal("hash", b"s" * 32)
_NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give where the log of a model lies."""
    return tmp_path / "data/predictions/late-flights"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give an empty project."""
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    return open_project(tmp_path)


def requests(folder: Path) -> list[str]:
    """Read the requests of all lines in the log, each of which has to be whole."""
    paths = sorted(folder.glob("*.jsonl"))
    return [
        json.loads(line)["request"] for path in paths for line in path.read_bytes().splitlines()
    ]


def test_one_write_a_batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a batch is there, or is not."""
    sizes = []
    write = os.write
    monkeypatch.setattr(os, "write", lambda f, b: (sizes.append(len(b)), write(f, b))[1])
    log = SegmentLog(folder, _PERSONAL)
    log.write([entry("a", 3), entry("b"), entry("c", 2)])
    log.close()
    assert sizes == [path.stat().st_size for path in folder.iterdir()]
    assert requests(folder) == [*"aaabcc"]


def test_rotation_by_size(folder: Path) -> None:
    """No segment is larger; a batch that is larger by itself has one of its own."""
    closed: list[None] = []
    log = SegmentLog(folder, _PERSONAL, Rotation(size=2_000), lambda: closed.append(None))
    for number in range(20):
        log.write([entry(f"{number}")])
    log.write([entry("big", 30)])
    log.write([entry("after")])
    log.close()
    sizes = sorted(path.stat().st_size for path in folder.glob("*.jsonl"))
    assert len(sizes) == len(closed) + 1 > 4 and sizes[-1] > 2_000 > sizes[-2]
    assert requests(folder) == [*map(str, range(20)), *["big"] * 30, "after"]


def test_rotation_by_day(folder: Path) -> None:
    """A segment has one day of UTC."""
    now = [_NOON]
    log = SegmentLog(folder, _PERSONAL, now=lambda: now[0])
    log.write([entry("a")])
    now[0] += timedelta(hours=12)
    log.write([entry("b")])
    log.close()
    assert [path.name[:8] for path in sorted(folder.iterdir())] == ["20260501", "20260502"]


def test_nothing_to_log_makes_no_file(folder: Path) -> None:
    """Nor does a server that nobody asks."""
    log = SegmentLog(folder, _PERSONAL)
    log.write([])
    log.close()
    assert not folder.exists()


@pytest.fixture
def limited() -> Iterator[Any]:
    """Let files of this process grow only so far; that is told as a short write, then as EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [1_000, 1_001, 1_199, 1_500])
def test_no_room(folder: Path, limited: Any, room: int) -> None:
    """The batch that has no room is not in the log, not in part; the next one is, if it has."""
    log = SegmentLog(folder, _PERSONAL)
    log.write([entry("a")])
    limited(room)
    written = ["a"]
    for number in range(9):
        try:
            log.write([entry(f"{number}", 2)])
            written += [f"{number}"] * 2
        except OSError:
            assert requests(folder) == written
    assert len(written) < 9
    limited(resource.RLIM_INFINITY)
    log.write([entry("z")])
    log.close()
    assert requests(folder) == [*written, "z"]


def test_torn_line_that_cannot_be_mended(
    folder: Path, limited: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing follows it: what comes next has a segment of its own."""
    log = SegmentLog(folder, _PERSONAL)
    log.write([entry("a")])
    limited(400)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="space"):
        broken.setattr(os, "ftruncate", _fails)
        log.write([entry("torn", 9)])
    limited(resource.RLIM_INFINITY)
    log.write([entry("b")])
    log.close()
    first, second = sorted(folder.glob("*.jsonl"))
    assert first.stat().st_size == 400
    assert [json.loads(line)["request"] for line in second.read_bytes().splitlines()] == ["b"]


def _fails(*_: Any) -> None:
    raise OSError(5, "Input/output error")


def test_folder_cannot_be_made(folder: Path) -> None:
    """It is tried again with the next batch."""
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    log = SegmentLog(folder, _PERSONAL)
    with pytest.raises(OSError, match="exists"):
        log.write([entry("a")])
    folder.unlink()
    log.write([entry("b")])
    assert requests(folder) == ["b"]
    log.close()


def test_fsync(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is on the disk, if wanted; and is not in the log, if it cannot be."""
    log = SegmentLog(folder, _PERSONAL, Rotation(fsync=True))
    log.write([entry("a")])
    with monkeypatch.context() as broken, pytest.raises(OSError, match="output"):
        broken.setattr(os, "fdatasync", _fails)
        log.write([entry("b")])
    log.write([entry("c")])
    log.close()
    assert requests(folder) == ["a", "c"]


def test_open_segments_are_left_alone(folder: Path) -> None:
    """Those of this process and those of others, also before their first line."""
    log, empty = SegmentLog(folder, _PERSONAL), Segment(folder, _NOON)
    log.write([entry("a")])
    assert compact_log(folder).written == ()
    script = (
        "import sys; from pathlib import Path; "
        "from analysis.service.log.compaction import compact_log; "
        "print(len(compact_log(Path(sys.argv[1])).written))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n"
    empty.append(b"{}\n")
    empty.close()
    log.close()
    assert len(compact_log(folder).written) == 2


@pytest.mark.parametrize("how", ["hash", "omit"])
def test_personal_values(folder: Path, how: How) -> None:
    """They are nowhere in the file; the same one is the same hash."""
    log = SegmentLog(folder, Personal(how, b"s" * 32))
    inputs = {"name": ["Ann", "Bob", "Ann", None], "wind": [1.0] * 4}
    log.write(
        [entry("a", 4, inputs=inputs, keys={"id": [7001] * 4}, personal=frozenset({"id", "name"}))]
    )
    log.close()
    (path,) = folder.iterdir()
    assert not any(word in path.read_bytes() for word in (b"Ann", b"Bob", b"7001"))
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    names = [row["inputs"].get("name") for row in rows]
    if how == "omit":
        assert all(row["inputs"] == {"wind": 1.0} and row["key"] is None for row in rows)
    else:
        assert names[0] == names[2] != names[1] and names[3] is None
        assert len(names[0]) == 32 and {row["inputs"]["wind"] for row in rows} == {1.0}


def test_secret(project: Project) -> None:
    """It is made once, and only its owner can read it."""
    found = project_secret(project)
    assert found == project_secret(project) and len(found) == 32
    (path,) = project.work_dir.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    write_bytes(path, b"short")
    with pytest.raises(ProjectError, match="damaged"):
        project_secret(project)


def test_unreadable_segments_hold_up_no_other(folder: Path) -> None:
    """The others are put into Parquet, and those that cannot be read are all named."""
    folder.mkdir(parents=True)
    for name in ("1", "3"):
        (folder / f"{name}.jsonl").write_bytes(b'{"request": "' + b"x" * 140_000_000 + b'"}\n')
    (folder / "2.jsonl").write_bytes(b'{"time": "2026-05-01T12:00:00", "request": "a"}\n')
    done = compact_log(folder)
    assert [path.name for path in done.written] == ["2.jsonl"]
    assert [f"{name}.jsonl" in why for name, why in zip("13", done.unread, strict=True)] == [
        True
    ] * 2
    assert [path.name for path in folder.glob("*.parquet")] == ["2.parquet"]
