"""The live relation on the log of predictions, before, while and after it is compacted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis.service.log.compaction import compact_log
from analysis.service.log.personal import Personal
from analysis.service.log.segments import Rotation, SegmentLog
from analysis.service.logged import Refusal
from analysis.warehouse.connection import connect
from analysis.warehouse.predictionlog import compact
from tests.service.log.entries import entry
from tests.warehouse.conftest import Folder

_PERSONAL = Personal("hash", b"s" * 32)
_ALL = "from meta.predictions order by request, row"


@pytest.fixture
def live(built: Path, tmp_path: Path) -> Folder:
    """Give a project of an odd name whose warehouse is built, without predictions."""
    return Folder(Path(shutil.copytree(built, tmp_path / "pro[j]ect *")))


def rows(folder: Folder, query: str = _ALL) -> list[dict[str, Any]]:
    """Ask as a page does."""
    with connect(folder.project) as connection:
        result = connection.execute(query)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def log_of(folder: Folder, model: str = "late-flights", **told: Any) -> SegmentLog:
    """Give a log of the project."""
    return SegmentLog(folder.root / "data/predictions" / model, _PERSONAL, Rotation(**told))


def counted(folder: Folder) -> list[str]:
    """Give the requests that count."""
    return [row["request"] for row in rows(folder)]


def test_rows_before_and_after_compaction(live: Folder) -> None:
    """They are the same."""
    log = log_of(live)
    log.write([entry("a", 2)])
    log.write(
        [entry("b", 0, keys={}, inputs={}, outputs={}, refusal=Refusal(422, "missing", "wind"))]
    )
    log.write([entry("c", outputs={"prediction": ["Adelie"], "probability_Adelie": [0.9]})])
    before = rows(live)
    log.close()
    assert rows(live) == before
    assert len(compact_log(live.root / "data/predictions/late-flights").written) == 1
    assert rows(live) == before
    first, _, refused, third = before
    assert first["time"].isoformat() == "2026-05-01T10:00:00.000001"
    assert (first["row"], first["shadow"], first["arm"]) == (0, False, "champion")
    assert (first["prediction"], first["probability"]) == ("true", 0.25)
    assert json.loads(first["key"]) == {"id": 0} and first["error"] is None
    assert json.loads(first["inputs"]) == {"wind": 0.5, "carrier": "UA"}
    assert (refused["status"], refused["error"], refused["field"]) == (422, "missing", "wind")
    assert (refused["row"], refused["inputs"], refused["prediction"]) == (None, None, None)
    assert (third["prediction"], third["probability"]) == ("Adelie", None)


def test_segments_go_after_their_parquet(live: Folder) -> None:
    """At no step between is a row lost, or counted twice."""
    folder = live.root / "data/predictions/late-flights"
    log = log_of(live)
    log.write([entry("a"), entry("b")])
    log.close()
    (segment,) = folder.iterdir()
    compact(segment)  # and here it was killed
    assert segment.exists() and counted(live) == ["a", "b"]
    log.write([entry("c")])
    log.close()
    assert counted(live) == ["a", "b", "c"]
    done = compact_log(folder)
    assert (len(done.written), done.removed) == (1, 1)
    assert not segment.exists() and counted(live) == ["a", "b", "c"]
    assert compact_log(folder).removed == 1
    assert counted(live) == ["a", "b", "c"]
    assert sorted(path.suffix for path in folder.iterdir()) == [".parquet", ".parquet"]


@pytest.mark.parametrize(
    "torn", [b"{", b'{"time":"2026-05', b'{"request":"x', b"\xff\xc3", b"\0" * 9]
)
@pytest.mark.parametrize("compacted", [False, True])
def test_torn_line(live: Folder, torn: bytes, compacted: bool) -> None:
    """It is not counted, and hides no other."""
    log = log_of(live)
    log.write([entry("a"), entry("b")])
    log.close()
    (segment,) = (live.root / "data/predictions/late-flights").iterdir()
    segment.write_bytes(segment.read_bytes() + torn)
    other = log_of(live)
    other.write([entry("c")])
    if compacted:
        compact_log(segment.parent)
    assert counted(live) == ["a", "b", "c"]
    other.close()


def test_files_of_others_and_empty_ones(live: Folder) -> None:
    """They are no errors."""
    live.write("data/predictions/late-flights/empty.jsonl", b"")
    live.write("data/predictions/late-flights/.hidden.tmp", b"no")
    live.write("data/predictions/README.md", b"# What lies here\n")
    assert rows(live) == []
    compact_log(live.root / "data/predictions/late-flights")
    assert rows(live) == []


def test_two_models(live: Folder) -> None:
    """One lies in Parquet, the other does not yet."""
    one, two = log_of(live), log_of(live, "wind's [x]")
    one.write([entry("a")])
    two.write([entry("b", model="wind's [x]")])
    one.close()
    compact_log(live.root / "data/predictions/late-flights")
    compact_log(live.root / "data/predictions/late-flights")
    assert [(row["request"], row["model"]) for row in rows(live)] == [
        ("a", "late-flights"),
        ("b", "wind's [x]"),
    ]
    two.close()
    compact_log(live.root / "data/predictions/wind's [x]")
    assert counted(live) == ["a", "b"]


def test_many_segments(live: Folder) -> None:
    """Some are compacted, some are not; each row is there once."""
    log = log_of(live, size=20_000)
    folder = live.root / "data/predictions/late-flights"
    for number in range(500):
        log.write([entry(f"{number}", 3)])
        if number in (200, 350):
            compact_log(folder)
    told = rows(
        live, "select count(*) as n, count(distinct (request, row)) as d from meta.predictions"
    )
    assert told == [{"n": 1_500, "d": 1_500}]
    log.close()
