"""Odd logs: each has a defined result, and a note where somebody should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.models.bundle.record import KeyField
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.labels.counting import Counts, counted
from analysis.monitoring.labels.joined import COLUMNS, Joining, joined, joining
from analysis.monitoring.labels.oddities import odd_files, sentences
from analysis.monitoring.labels.sources import Sources, sources_of
from analysis.project import Project, find_project
from analysis.warehouse.opened import in_memory
from analysis.warehouse.predictionlog import compact
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import write_project
from tests.monitoring.logs import label, line, write_labels, write_segment

_AT = datetime(2026, 5, 1, 10)
_NOW = datetime(2026, 6, 1)
_ID = KeyField("id", "BIGINT")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project without a log, of an odd name."""
    return find_project(write_project(tmp_path / "pro[j]ect 'x' *", {}))


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database."""
    with in_memory(tmp_path) as con:
        yield con


def log(project: Project, lines: Sequence[dict[str, Any]], name: str = "a.jsonl") -> Path:
    """Write a segment."""
    return write_segment(project.root / "data/predictions/m" / name, lines)


def rows(
    con: duckdb.DuckDBPyConnection, sources: Sources, columns: str, how: Joining | None = None
) -> list[tuple[Any, ...]]:
    """Give columns of the relation, in the order of requests."""
    made = joined(con, sources, how or Joining((_ID,)))
    return con.execute(f"select {columns} from ({made.query}) order by request, row").fetchall()


def oddities(con: duckdb.DuckDBPyConnection, sources: Sources) -> tuple[str, ...]:
    """Say what is odd."""
    return tuple(sentences(odd_files(con, sources, _NOW).values()))


def test_columns(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """They are the same with and without files."""
    for _ in range(2):
        made = joined(con, sources_of(project, "m"), Joining((_ID,)))
        assert tuple(name[0] for name in con.execute(made.query).description) == COLUMNS
        log(project, [line("r", 0, _AT)])


def test_empty_log(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """There is nothing, and labels are of no prediction."""
    assert counted(con, joined(con, Sources(), Joining(()))) == Counts(0, 0, 0, 0, 0, 0, 0)
    path = write_labels(project.root / "data/labels/m/1.parquet", [label("true", _AT, request="r")])
    sources = sources_of(project, "m")
    assert sources.labels == (path,)
    assert counted(con, joined(con, sources, Joining((_ID,)))).unmatched == 1
    assert oddities(con, sources) == ()


def test_torn_lines(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """They are left out, and told."""
    path = log(project, [line("a", 0, _AT), line("b", 0, _AT)])
    path.write_text(path.read_text()[:-40])
    sources = sources_of(project, "m")
    assert rows(con, sources, "request") == [("a",)]
    (said,) = oddities(con, sources)
    assert said.startswith("1 line of the log is torn")


def test_refused_requests_have_no_label(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """They are rows of the relation, and no predictions."""
    refusal = {"inputs": None, "outputs": None, "error": {"status": 422, "type": "missing"}}
    log(project, [line("a", None, _AT, **refusal), line("b", 0, _AT)])
    told = [label("true", _AT, request="a"), label("true", _AT, request="b")]
    write_labels(project.root / "data/labels/m/1.parquet", told)
    sources = sources_of(project, "m")
    found = rows(con, sources, "row, error ->> '$.type', label")
    assert found == [(None, "missing", None), (0, None, "true")]
    assert counted(con, joined(con, sources, Joining((_ID,)))) == Counts(1, 0, 1, 0, 0, 0, 1)


def test_clock_jumps(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Rows stay on the day that was told."""
    times = [_AT, _AT - timedelta(days=2), _AT, _NOW + timedelta(days=400)]
    log(project, [line(f"r{n}", 0, time) for n, time in enumerate(times)])
    log(project, [line("s", 0, _AT - timedelta(days=9))], "b.jsonl")
    sources = sources_of(project, "m")
    assert [day for (day,) in rows(con, sources, "day")][:4] == [time.date() for time in times]
    back, future = oddities(con, sources)
    assert back.startswith("the clock of a server was put back once")
    assert future.startswith("1 row of the log was of the future")
    compact(sources.segments[0])
    assert oddities(con, sources_of(project, "m")) == (back, future)


def test_infinite_latency_and_text_outputs(
    con: duckdb.DuckDBPyConnection, project: Project
) -> None:
    """What is no number is none."""
    log(project, [line("a", 0, _AT, latency_ms=1.0), line("b", 0, _AT, latency_ms=1.0)])
    path = compact(project.root / "data/predictions/m/a.jsonl")
    duckdb.sql(
        f"select * replace (if(request = 'a', 'inf'::double, latency_ms) as latency_ms) "
        f"from read_parquet({[str(path).replace('[', '[[]').replace('*', '[*]')]})"
    ).write_parquet(str(path) + ".new")
    Path(str(path) + ".new").replace(path)
    assert rows(con, sources_of(project, "m"), "latency_ms") == [(None,), (1.0,)]


def test_damaged_parquet(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """It is left out, and told; its segment counts as long as that is there."""
    log(project, [line("a", 0, _AT)])
    log(project, [line("b", 0, _AT)], "b.jsonl")
    segment = project.root / "data/predictions/m/b.jsonl"
    whole = compact(segment).read_bytes()
    segment.rename(project.root / "b.jsonl")
    for content in (b"", b"PAR1", b"PAR1" * 3, whole[:-4], whole[4:], whole[: len(whole) // 2]):
        (project.root / "data/predictions/m/b.parquet").write_bytes(content)
        sources = sources_of(project, "m")
        assert rows(con, sources, "request") == [("a",)]
        assert [path.name for path in sources.damaged] == ["b.parquet"]
    (project.root / "b.jsonl").rename(segment)
    assert rows(con, sources_of(project, "m"), "request") == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Joining((_ID,), "hour"), "2026-05-03"),
        (Joining((_ID, KeyField("hour", "TIMESTAMP")), "hour"), "2026-05-04"),
        (Joining((_ID,), "nowhere"), "2026-05-01"),
        (Joining((_ID,), "wind"), "2026-05-01"),
    ],
)
def test_time_of_what_was_predicted(
    con: duckdb.DuckDBPyConnection, project: Project, how: Joining, expected: str
) -> None:
    """It is of the key, or of the inputs; where neither has a time, it is when it was asked."""
    key = {"id": 1, "hour": "2026-05-04T07:00:00"} if len(how.key) == 2 else {"id": 1}
    log(project, [line("a", 0, _AT, key=key, inputs={"hour": "2026-05-03T07:00:00", "wind": 0.5})])
    assert rows(con, sources_of(project, "m"), "day::varchar, logged", how) == [(expected, _AT)]


def test_label_of_what_happened_next(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Predictions before an event get the label of that event, those after it the next one's."""
    days = [_AT + timedelta(days=day) for day in range(6)]
    log(project, [line(f"r{n}", 0, day, key={"id": 1}) for n, day in enumerate(days)])
    key = {"key": '{"id": 1}'}
    told = [label("true", _NOW, time=days[3], **key), label("false", _NOW, time=days[1], **key)]
    write_labels(project.root / "data/labels/m/1.parquet", told)
    found = rows(con, sources_of(project, "m"), "label")
    assert [row[0] for row in found] == ["false", "false", "true", "true", None, None]


def test_key_of_other_types(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Keys are compared by their values, and not as they are written."""
    how = Joining((KeyField("hour", "TIMESTAMP"), KeyField("n/a", "DOUBLE")))
    log(project, [line("a", 0, _AT, key={"n/a": 1, "hour": "2026-05-04T07:00"})])
    told = [label("true", _NOW, key='{"hour": "2026-05-04 07:00:00", "n/a": 1.0}')]
    write_labels(project.root / "data/labels/m/1.parquet", told)
    assert rows(con, sources_of(project, "m"), "label", how) == [("true",)]


def test_the_key_is_that_of_the_champion(project: Project) -> None:
    """Else that of the newest version; without any, there is none."""
    first = add_bundle(project.root, key=(_ID,))
    second = add_bundle(project.root, key=(_ID, KeyField("hour", "TIMESTAMP")))
    found = tuple(sorted((first, second), key=lambda version: version.id))
    candidates = [replace(version, stage="candidate") for version in found]
    assert joining(candidates, Monitor("m")).key == found[-1].bundle.key
    served = [replace(candidates[0], stage="champion"), candidates[1]]
    assert joining(served, Monitor("m")).key == found[0].bundle.key
    assert joining((), Monitor("m")).key == ()
