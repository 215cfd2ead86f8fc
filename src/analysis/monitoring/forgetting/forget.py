"""Removing a subject from the log and the labels of a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.monitoring.forgetting.rewriting import put_into_parquet, take_out
from analysis.monitoring.forgetting.subject import Subject
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.labels.log import event_time, rows
from analysis.monitoring.labels.readable import with_readable
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.stored.places import log_folder
from analysis.monitoring.stored.retained import recount
from analysis.project import Project
from analysis.warehouse.opened import in_memory, telling
from analysis.warehouse.predictionlog import SEGMENT

if TYPE_CHECKING:
    import duckdb

# Labels without a row are of a whole request: they go when all of it goes.
_OF_ROWS = "(request, row) in (select request, row from forgotten)"
_OF_REQUESTS = (
    "row is null and request in (select request from forgotten) "
    "and request not in (select request from others)"
)


@dataclass(frozen=True)
class Forgotten:
    """What was removed, and the days that are to be counted again.

    ``left`` rows are in segments that a server writes now (``held``). Files that are ``damaged``
    were not looked into.
    """

    rows: int
    labels: int
    days: tuple[date, ...]
    left: int
    held: tuple[Path, ...]
    damaged: tuple[Path, ...]


def forget(project: Project, model: str, how: Joining, subject: Subject) -> Forgotten:
    """Remove a subject from log and labels; its days are noted first, so that no count stays.

    Raises
    ------
    AnalysisError
        A part of the log cannot be read.
    OSError
        There is no room.
    """
    held = put_into_parquet(log_folder(project, model))
    return with_readable(
        project, model, lambda sources: _forget(project, model, how, subject, sources, held)
    )


def _forget(
    project: Project, model: str, how: Joining, subject: Subject, sources: Sources,
    held: tuple[Path, ...],
) -> Forgotten:  # fmt: skip
    what = f"what is kept of {model} cannot be looked into"
    with in_memory(project.work_dir) as con, telling(what):
        left, days = _find(con, sources, how, subject)
        if days:
            recount(project, model, days)
        gone = f"({subject.in_labels}) or ({_OF_ROWS}) or ({_OF_REQUESTS})"
        labels = take_out(con, sources.labels, gone)
        removed = take_out(con, sources.compacted, subject.in_log)
    return Forgotten(removed, labels, days, left, held, sources.damaged)


def _find(
    con: duckdb.DuckDBPyConnection, sources: Sources, how: Joining, subject: Subject
) -> tuple[int, tuple[date, ...]]:
    """Note rows of the subject, and other requests with such; give how many cannot go, and days."""
    log = rows(sources, ["filename"])
    time = event_time(how.key, how.time)
    con.execute(
        f"create temp table forgotten as select request, row, ({time})::date as day, "
        f"filename like '%{SEGMENT}' as is_held from ({log}) where {subject.in_log}"
    )
    con.execute(
        f"create temp table others as select distinct request from ({log}) "
        f"where request in (select request from forgotten) and not ({subject.in_log})"
    )
    left = con.execute("select count(*) from forgotten where is_held").fetchall()[0][0]
    days = con.execute("select distinct day from forgotten where not is_held order by day")
    return int(left), tuple(row[0] for row in days.fetchall())
