"""Removing rows that are too old: their counts stay, and their days are never counted again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.monitoring.forgetting.rewriting import put_into_parquet, take_out
from analysis.monitoring.labels.handed import RECEIVED_ROWS
from analysis.monitoring.labels.joined import Joining, joined
from analysis.monitoring.labels.log import event_time, rows
from analysis.monitoring.labels.readable import with_readable
from analysis.monitoring.labels.sources import Sources, sources_of
from analysis.monitoring.stored.places import log_folder
from analysis.monitoring.stored.retained import keep_from, read_retained
from analysis.project import Project
from analysis.warehouse.opened import in_memory, telling
from analysis.warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Dropped:
    """What was removed; rows of days before ``kept_from`` are no more, but in segments ``held``."""

    rows: int = 0
    labels: int = 0
    kept_from: date | None = None
    held: tuple[Path, ...] = ()


def retain(
    project: Project,
    model: str,
    how: Joining,
    days: int,
    now: datetime,
    is_counted: Callable[[date], bool] = lambda day: True,
) -> Dropped:
    """Remove rows that were logged more than ``days`` ago (``now`` is UTC, without a zone).

    Days go as a whole, the first ones first, and only if they were counted: a day stays as long as
    one of its rows, or of an earlier day's, is younger. Labels go when they are as old, and no
    prediction that is left has them.

    Raises
    ------
    AnalysisError
        A part of the log cannot be read.
    """
    oldest = now - timedelta(days=days)
    return with_readable(
        project, model, lambda sources: _retain(project, model, how, oldest, is_counted, sources)
    )


def _retain(
    project: Project, model: str, how: Joining, oldest: datetime,
    is_counted: Callable[[date], bool], sources: Sources,
) -> Dropped:  # fmt: skip
    what = f"what is old of {model} cannot be removed"
    with in_memory(project.work_dir) as con, telling(what):
        if not sources.log or not _is_older(con, sources, oldest):
            return Dropped(kept_from=read_retained(project, model).kept_from)
        first = _first_kept(con, sources, how, oldest, is_counted)
        if first:
            keep_from(project, model, first)
        kept_from = read_retained(project, model).kept_from
        if kept_from is None:
            return Dropped()
        held = put_into_parquet(log_folder(project, model))
        gone = f"({event_time(how.key, how.time)})::date < date {literal(kept_from.isoformat())}"
        sources = sources_of(project, model).without(sources.damaged)
        removed = take_out(con, sources.compacted, gone)
        # A file of which all rows were old is gone.
        left = sources_of(project, model).without(sources.damaged)
        labels = _labels(con, left, how, oldest)
    return Dropped(removed, labels, kept_from, held)


def _is_older(con: duckdb.DuckDBPyConnection, sources: Sources, oldest: datetime) -> bool:
    """Say whether there is an old row: files of Parquet say it without being read."""
    found = con.execute(f"select min(time) from ({rows(sources)})").fetchall()[0][0]
    return found is not None and found < oldest


def _first_kept(
    con: duckdb.DuckDBPyConnection,
    sources: Sources,
    how: Joining,
    oldest: datetime,
    is_counted: Callable[[date], bool],
) -> date | None:
    """Give the day after the last one that can go; ``None`` if none can."""
    time = event_time(how.key, how.time)
    found = con.execute(
        f"select ({time})::date as day, max(time) from ({rows(sources)}) group by day order by day"
    ).fetchall()
    first = None
    for day, last in found:
        if last >= oldest or not is_counted(day):
            break
        first = day + timedelta(days=1)
    return first


def _labels(
    con: duckdb.DuckDBPyConnection, sources: Sources, how: Joining, oldest: datetime
) -> int:
    """Remove old labels of no prediction that is left."""
    removed = 0
    # Where no version says what the key is, nobody knows of what labels by key are.
    known = "true" if how.key else "request is not null"
    for path in sources.labels:
        alone = Sources(sources.segments, sources.compacted, (path,))
        made = joined(con, alone, how)
        if not made.handed:
            continue
        kinds = [one.kind for one in made.handed]
        there = " or ".join(
            f"(kind = '{kind}' and h in (select h_{kind} from asked_ where h_{kind} is not null))"
            for kind in kinds
        )
        con.execute(
            f"create or replace temp table old_labels as {made.given} "
            f"select place % {RECEIVED_ROWS} as place from handed_labels "
            f"where not coalesce({there}, false) and ({known})"
        )
        gone = (
            f"received < timestamp {literal(f'{oldest:%Y-%m-%d %H:%M:%S.%f}')} "
            "and file_row_number in (select place from old_labels)"
        )
        removed += take_out(con, [path], gone, ", file_row_number = true")
    return removed
