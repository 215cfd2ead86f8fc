"""What is odd in a log, and stops nothing: each is told once, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from analysis.monitoring.labels.log import rows
from analysis.monitoring.labels.sources import Sources
from analysis.warehouse.predictionlog import WHOLE, lines
from analysis.warehouse.sql import files

if TYPE_CHECKING:
    import duckdb

# Rows of one file are logged in the order in which they are answered, but for moments.
_MOMENT = "interval 1 hour"


def oddities(con: duckdb.DuckDBPyConnection, sources: Sources, now: datetime) -> tuple[str, ...]:
    """Say what is odd in a log; ``now`` is UTC, without a zone."""
    return (*_damaged(sources), *_torn(con, sources), *_clock(con, sources, now))


def _damaged(sources: Sources) -> Iterator[str]:
    for path in sources.damaged:
        yield f"{path.parent.name}/{path.name} is damaged, and is left out"


def _torn(con: duckdb.DuckDBPyConnection, sources: Sources) -> Iterator[str]:
    if not sources.segments:
        return
    source = lines(files(sources.segments))
    found = con.execute(f"select count(*) from {source} where not ({WHOLE})").fetchall()[0][0]
    if found:
        yield (
            f"{_lines(found)} of the log {'is' if found == 1 else 'are'} torn, as when a server is "
            "killed while it writes: left out, for nothing was answered"
        )


def _clock(con: duckdb.DuckDBPyConnection, sources: Sources, now: datetime) -> Iterator[str]:
    if not sources.log:
        return
    log = rows(sources, ["filename"])
    found = con.execute(
        f"""select count(*) filter (filename = before_file and time < before - {_MOMENT}),
  count(*) filter (time > timestamp '{now:%Y-%m-%d %H:%M:%S}' + {_MOMENT}), max(time)
from (select time, filename, lag(time) over () as before, lag(filename) over () as before_file
  from ({log}))"""
    ).fetchall()[0]
    if found[0]:
        yield (
            f"the clock of a server was put back {_times(found[0])}: "
            "predictions are kept on the day that it told"
        )
    if found[1]:
        yield (
            f"{found[1]:,} predictions are of the future, until {found[2]:%Y-%m-%d}: "
            "they are kept on their day"
        )


def _lines(count: int) -> str:
    return f"{count:,} line{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
