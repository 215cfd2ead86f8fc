"""What is odd in files of a log, and stops nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.monitoring.labels.log import rows
from analysis.monitoring.labels.sources import Sources
from analysis.warehouse.predictionlog import WHOLE, lines
from analysis.warehouse.sql import files

if TYPE_CHECKING:
    import duckdb

# Rows of one file are logged in the order in which they are answered, but for moments.
_MOMENT = "interval 1 hour"


@dataclass(frozen=True)
class Odd:
    """What is odd in a file: lines that are torn, the clock put back, rows of the future."""

    torn: int = 0
    back: int = 0
    future: int = 0


def odd_files(con: duckdb.DuckDBPyConnection, sources: Sources, now: datetime) -> dict[str, Odd]:
    """Look into the files of a log; give what is odd by name. ``now`` is UTC, without a zone."""
    torn, clock = _torn(con, sources), _clock(con, sources, now)
    return {name: Odd(torn.get(name, 0), *clock.get(name, (0, 0))) for name in {*torn, *clock}}


def sentences(odd: Iterable[Odd]) -> Iterator[str]:
    """Say what is odd in a log, each thing once."""
    found = tuple(odd)
    if torn := sum(one.torn for one in found):
        verb = "line of the log is" if torn == 1 else "lines of the log are"
        yield f"{torn:,} {verb} torn, and left out: a server was killed before it answered"
    if back := sum(one.back for one in found):
        times = "once" if back == 1 else f"{back:,} times"
        yield f"the clock of a server was put back {times}: rows count on the day that it told"
    if future := sum(one.future for one in found):
        verb = "row of the log was" if future == 1 else "rows of the log were"
        yield f"{future:,} {verb} of the future when counted: they count on the day that they tell"


def _torn(con: duckdb.DuckDBPyConnection, sources: Sources) -> dict[str, int]:
    if not sources.segments:
        return {}
    query = f"""select filename, count(*) from {lines(files(sources.segments))}
where not coalesce({WHOLE}, false) group by filename"""
    return {Path(name).stem: count for name, count in con.execute(query).fetchall()}


def _clock(
    con: duckdb.DuckDBPyConnection, sources: Sources, now: datetime
) -> dict[str, tuple[int, int]]:
    if not sources.log:
        return {}
    query = f"""with told as (
  select filename, time, lag(time) over () as before, lag(filename) over () as file_before
  from ({rows(sources, ["filename"])})
)
select filename, count(*) filter (filename = file_before and time < before - {_MOMENT}) as back,
  count(*) filter (time > timestamp '{now:%Y-%m-%d %H:%M:%S}' + {_MOMENT}) as future
from told group by filename having back > 0 or future > 0"""
    found = con.execute(query).fetchall()
    return {Path(name).stem: (back, future) for name, back, future in found}
