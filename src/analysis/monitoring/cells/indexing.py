"""Which days files of the log and of labels are of: read before anything is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.monitoring.cells.state import Known
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.labels.log import event_time, rows
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.labels.typed import key_hash
from analysis.warehouse.predictionlog import SEGMENT
from analysis.warehouse.sql import files

if TYPE_CHECKING:
    import duckdb


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
    return {
        path.stem: _known(content, by_file.get(path.stem, [])) for path, content in changed.items()
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
    con: duckdb.DuckDBPyConnection, log: Sources, labels: Sequence[Path], how: Joining
) -> dict[str, set[date]]:
    """Say by name which days have predictions that labels of each file may be of."""
    found: dict[str, set[date]] = {path.stem: set() for path in labels}
    if not (labels and log.log):
        return found
    source = f"read_parquet({files(labels)}, filename = true)"
    asked = f"""select ({event_time(how.key, how.time)}) as time, request, row, key
from ({rows(log)}) where row is not null"""
    for name, (told, of_label, of_row) in _kinds(how).items():
        exists = f"select 1 from {source} where {told} and label is not null limit 1"
        if not con.execute(exists).fetchall():
            continue
        until = "and (l.time is null or a.time <= l.time)" if name == "key" else ""
        query = f"""select distinct filename, a.time::date from
  (select filename, {of_label} as h, time from {source} where {told} and label is not null) l
  join (select time, {of_row} as h from ({asked})) a on l.h = a.h {until}"""
        for file, day in con.execute(query).fetchall():
            found[Path(file).stem].add(day)
    return found


def _kinds(how: Joining) -> dict[str, tuple[str, str, str]]:
    """Say of kinds of labels which they are, and what both sides are joined by."""
    row, request = "hash(request, row)", "hash(request)"
    kinds = {
        "row": ("request is not null and row is not null", row, row),
        "request": ("request is not null and row is null", request, request),
    }
    if how.key:
        by_key = key_hash("key", how.key)
        kinds["key"] = ("request is null", by_key, by_key)
    return kinds


def of_log(paths: Sequence[Path] | Mapping[Path, str]) -> Sources:
    """Give files of the log as sources."""
    segments = tuple(path for path in paths if path.suffix == SEGMENT)
    return Sources(segments, tuple(path for path in paths if path.suffix != SEGMENT))
