"""How many predictions there are, what came true of them, and what labels are of no prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.monitoring.labels.handed import Handed
from analysis.monitoring.labels.joined import Joined

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Counts:
    """What was counted: ``rows`` are predictions, ``repeated`` those that are logged again.

    ``labelled`` predictions have a label; that is ``late``, was handed in again (``duplicate``), or
    once with another value (``contradicting``). ``unmatched`` are labels of no prediction (yet).
    """

    rows: int
    repeated: int
    labelled: int
    late: int
    duplicate: int
    contradicting: int
    unmatched: int


def counted(con: duckdb.DuckDBPyConnection, made: Joined) -> Counts:
    """Count a relation, all of which is read."""
    found = con.execute(
        f"""select count(row), count(label), count_if(late), count_if(duplicate),
  count_if(contradicting) from ({made.query})"""
    ).fetchone()
    # DuckDB counts nothing as null.
    counts = [int(count or 0) for count in found or ()]
    rows, labelled, late, duplicate, contradicting = counts
    alone = sum(unmatched(con, made, one) for one in made.handed)
    return Counts(rows, made.repeated, labelled, late, duplicate, contradicting, alone)


def unmatched(con: duckdb.DuckDBPyConnection, made: Joined, one: Handed) -> int:
    """Count labels of one kind that are of no prediction."""
    if one.kind == "until":
        query = """select sum(handed) from (
  select h, time, handed, lag(time) over (partition by h order by time) as before from l_until
) l asof left join (
  select h_until, time from asked_ where h_until is not null
) a on l.h = a.h_until and l.time >= a.time
where a.time is null or a.time <= l.before"""
    else:
        query = f"select sum(handed) from l_{one.kind} l anti join asked_ a on l.h = a.h_{one.kind}"
    found = con.execute(f"{made.given}\n{query}").fetchone()
    return int(found[0] or 0) if found else 0
