"""Predictions with what came true of them, as one relation.

A label is of a row of a request, of all rows of a request, or of a key. One of a key with a time
belongs to the predictions of that key which are at this time or before it, and after the label
before: what is predicted again and again, until it happens, gets the label of what happened next.
One without a time belongs to all predictions of the key. Of labels that contradict each other, the
one that was received last counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.models.bundle.record import KeyField, Version
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.labels.handed import Handed, Kind, find_handed
from analysis.monitoring.labels.log import event_time, find_repeated, once, rows
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.labels.typed import key_hash

if TYPE_CHECKING:
    import duckdb

# The columns of the relation, in this order. `time` is when what was predicted happens, and `day`
# its day (UTC); `logged` is when it was asked. The last three are of the label, never null.
COLUMNS = (
    *("time", "day", "logged", "version", "model", "arm", "shadow", "request", "row"),
    *("key", "inputs", "outputs", "latency_ms", "error"),
    *("label", "known", "late", "duplicate", "contradicting"),
)


@dataclass(frozen=True)
class Joining:
    """How labels are joined: the columns of the key, that of the time, and when one is late."""

    key: tuple[KeyField, ...]
    time: str | None = None
    wait_days: float = 14.0


@dataclass(frozen=True)
class Joined:
    """A relation, as a query for the connection that it was made with.

    ``query`` is ``given``, which names its parts (``with …``), and ``chosen`` after it.
    ``repeated`` rows of the log were left out, as they are in it several times.
    """

    given: str
    chosen: str
    repeated: int
    handed: tuple[Handed, ...]

    @property
    def query(self) -> str:
        """Give the whole query."""
        return f"{self.given}\n{self.chosen}"


def joining(versions: Sequence[Version], monitor: Monitor) -> Joining:
    """Say how labels of a model are joined: by the key of its champion, else of its newest version.

    ``versions`` are all that there are, the oldest first.
    """
    champions = [version for version in versions if version.stage == "champion"]
    key = next((version.bundle.key for version in reversed(champions or versions)), ())
    return Joining(key, monitor.time, monitor.wait_days)


def joined(con: duckdb.DuckDBPyConnection, sources: Sources, how: Joining) -> Joined:
    """Give the relation of predictions with what came true.

    It looks at the files first, so that the query does only what is needed of it: without labels it
    joins nothing. The query needs tables of its own in the connection, which the next call with
    the same connection replaces.
    """
    repeated = find_repeated(con, sources) if sources.log else 0
    handed = find_handed(con, sources.labels, how.key)
    given = _given(sources, how, repeated, handed)
    return Joined(given, _chosen(handed, how), repeated, handed)


def _given(sources: Sources, how: Joining, repeated: int, handed: Sequence[Handed]) -> str:
    hashes = "".join(f", {_hash(one.kind, how)} as h_{one.kind}" for one in handed)
    labels = "".join(f", l_{one.kind} as ({one.query})" for one in handed)
    return f"""with log_ as ({rows(sources)}
), once_ as (
  {once("log_", repeated)}
), asked_ as (
  select * replace ({event_time(how.key, how.time)} as time), time as logged{hashes}
  from once_
){labels}"""


def _chosen(handed: Sequence[Handed], how: Joining) -> str:
    joins = "\n".join(_join(one.kind) for one in handed)
    return f"""select a.time, a.time::date as day, a.logged, a.version, a.model, a.arm,
  coalesce(a.shadow, false) as shadow, a.request, a.row, a.key, a.inputs, a.outputs,
  case when isfinite(a.latency_ms) then a.latency_ms end as latency_ms, a.error,
  {_label(handed, how)}
from asked_ a
{joins}"""


def _hash(kind: Kind, how: Joining) -> str:
    if kind == "row":
        return "case when row is not null then hash(request, row) end"
    if kind == "request":
        return "case when row is not null then hash(request) end"
    return f"case when row is not null then {key_hash('key', how.key)} end"


def _join(kind: Kind) -> str:
    same = f"a.h_{kind} = l_{kind}.h"
    if kind == "until":
        return f"asof left join l_until on {same} and a.time <= l_until.time"
    return f"left join l_{kind} on {same}"


def _label(handed: Sequence[Handed], how: Joining) -> str:
    if not handed:
        return (
            "null::varchar as label, null::timestamp as known, false as late, "
            "false as duplicate, false as contradicting"
        )
    names = [f"l_{one.kind}" for one in handed]
    last = f"greatest({', '.join(f'{name}.place' for name in names)})"
    label, known = (_of_last(names, last, column) for column in ("label", "known"))
    count = " + ".join(f"coalesce({name}.handed, 0)" for name in names)
    labels = ", ".join(f"{name}.label" for name in names)
    differ = " or ".join(
        [f"coalesce({name}.contradicting, false)" for name in names]
        + ([f"coalesce(least({labels}) <> greatest({labels}), false)"] if len(names) > 1 else [])
    )
    wait = f"to_microseconds({round(how.wait_days * 86_400_000_000)})"
    return f"""{label} as label, {known} as known,
  coalesce({known} > a.time + {wait}, false) as late,
  {count} > 1 and not ({differ}) as duplicate,
  ({differ}) as contradicting"""


def _of_last(names: Sequence[str], last: str, column: str) -> str:
    if len(names) == 1:
        return f"{names[0]}.{column}"
    return f"case {last} {' '.join(f'when {n}.place then {n}.{column}' for n in names)} end"
