"""Which days files of the log and of labels are of: read before anything is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.monitoring.cells.state import Known
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.labels.log import event_time, rows
from analysis.monitoring.labels.oddities import Odd, odd_files
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.labels.typed import key_hash
from analysis.warehouse.predictionlog import SEGMENT
from analysis.warehouse.sql import files

if TYPE_CHECKING:
    import duckdb

_ASKED = "asked_of_index"


def index_log(
    con: duckdb.DuckDBPyConnection, changed: Mapping[Path, str], how: Joining
) -> dict[str, Known]:
    """Say what rows the files have that are new or changed, by name."""
    if not changed:
        return {}
    sources = of_log(changed)
    found = con.execute(
        f"""select filename, ({event_time(how.key, how.time)})::date as day, version, arm,
  count(*) from ({rows(sources, ("filename",))}) group by all order by all"""
    ).fetchall()
    by_file: dict[str, list[tuple[date, str | None, str | None, int]]] = {}
    for name, *told in found:
        by_file.setdefault(Path(name).stem, []).append((told[0], told[1], told[2], told[3]))
    odd = odd_files(con, sources, datetime.now(UTC))
    return {
        path.stem: replace(
            _known(content, by_file.get(path.stem, [])), odd=odd.get(path.stem, Odd())
        )
        for path, content in changed.items()
    }


def _known(content: str, found: Sequence[tuple[date, str | None, str | None, int]]) -> Known:
    days: dict[date, int] = {}
    for day, _, _, count in found:
        days[day] = days.get(day, 0) + count
    # A row without a version is of one that is nowhere.
    versions = {version or "" for _, version, _, _ in found}
    arms = {arm for _, _, arm, _ in found if arm is not None}
    return Known(content, days, tuple(sorted(versions)), tuple(sorted(arms)))


def index_labels(
    con: duckdb.DuckDBPyConnection, log: Sources, labels: Mapping[Path, str], how: Joining
) -> dict[str, Known]:
    """Say by name which days have predictions that labels may be of, and how many labels match."""
    found = {path.stem: Known(content, {}) for path, content in labels.items()}
    if not labels:
        return found
    source = f"read_parquet({files([*labels])}, filename = true)"
    counts = f"select filename, count(*) from {source} where label is not null group by filename"
    for file, count in con.execute(counts).fetchall():
        found[Path(file).stem] = replace(found[Path(file).stem], rows=count)
    by_key = key_hash("key", how.key) if how.key else None
    for told, h in _kinds(by_key):
        # Of a key with a time, a label is of what was predicted until then.
        until = "time" if h == by_key else "null::timestamp"
        given = f"""select filename, {h} as h, {until} as time from {source}
where {told} and label is not null"""
        if log.log and con.execute(f"{given} limit 1").fetchall():
            _match(con, log, how, given, h, found)
    return found


def _match(
    con: duckdb.DuckDBPyConnection, log: Sources, how: Joining, given: str, h: str,
    found: dict[str, Known],
) -> None:  # fmt: skip
    """Add the days and the number of labels of one kind that are of a prediction."""
    con.execute(
        f"""create or replace temp table {_ASKED} as
select ({event_time(how.key, how.time)}) as time, {h} as h
from ({rows(log)}) where row is not null"""
    )
    same = "l.h = a.h and (l.time is null or a.time <= l.time)"
    days = f"""select distinct filename, a.time::date as day
from ({given}) l join {_ASKED} a on {same} order by all"""
    for file, day in con.execute(days).fetchall():
        known = found[Path(file).stem]
        found[Path(file).stem] = replace(known, days={**known.days, day: 0})
    matched = f"""select filename, count(*)
from ({given}) where h in (select h from {_ASKED} where h is not null) group by filename"""
    for file, count in con.execute(matched).fetchall():
        known = found[Path(file).stem]
        found[Path(file).stem] = replace(known, matched=known.matched + count)


def _kinds(by_key: str | None) -> list[tuple[str, str]]:
    """Say of kinds of labels which they are, and by what they and rows are joined."""
    kinds = [
        ("request is not null and row is not null", "hash(request, row)"),
        ("request is not null and row is null", "hash(request)"),
    ]
    return [*kinds, ("request is null", by_key)] if by_key else kinds


def of_log(paths: Sequence[Path] | Mapping[Path, str]) -> Sources:
    """Give files of the log as sources."""
    segments = tuple(path for path in paths if path.suffix == SEGMENT)
    return Sources(segments, tuple(path for path in paths if path.suffix != SEGMENT))
