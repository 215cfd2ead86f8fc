"""The rows of a log as SQL: each once, with the time of what was predicted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.models.bundle.record import KeyField
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.labels.typed import extracted, kind_of, typed
from analysis.warehouse.predictionlog import COLUMNS, WHOLE, lines
from analysis.warehouse.sql import files

if TYPE_CHECKING:
    import duckdb

# What makes two rows of the log one and the same.
IDENTITY = "request, row, version, shadow"
_REPEATED = "repeated_predictions"


def rows(sources: Sources, also: Sequence[str] = ()) -> str:
    """Write the query of all rows of the log that are whole, as it has them."""
    columns = [*COLUMNS, *also]
    nothing = ", ".join(f"null::{kind} as {name}" for name, kind in COLUMNS.items())
    parts = [f"select {nothing}, null::varchar as filename where false"]
    if sources.compacted:
        parts.append(
            f"from read_parquet({files(sources.compacted)}, union_by_name = true, filename = true)"
        )
    if sources.segments:
        parts.append(f"from {lines(files(sources.segments))}")
    return f"select {', '.join(columns)} from ({' union all by name '.join(parts)}) where {WHOLE}"


def event_time(key: Sequence[KeyField], column: str | None) -> str:
    """Write when what was predicted happens: ``column`` of the key or the inputs, else ``time``.

    Where the row has none that is a time, it is when the row was logged.
    """
    if column is None:
        return "time"
    kind = next((kind_of(field) for field in key if field.name == column), "VARCHAR")
    in_key = f"try_cast({typed(extracted('key', column), kind)} as timestamp)"
    in_inputs = f"try_cast({extracted('inputs', column)} as timestamp)"
    found = f"coalesce({in_key}, {in_inputs})"
    return f"coalesce(case when isfinite({found}) then {found} end, time)"


def find_repeated(con: duckdb.DuckDBPyConnection, sources: Sources) -> int:
    """Note which rows are in the log several times; give how many are too many.

    Most logs have none: then their rows are not grouped, which needs room for all of them.
    """
    hashed = f"select hash({IDENTITY}) as h from ({rows(sources)})"
    con.execute(
        f"create or replace temp table {_REPEATED} as "
        f"select h, count(*) as rows from ({hashed}) group by h having count(*) > 1"
    )
    found = con.execute(f"select coalesce(sum(rows - 1), 0)::bigint from {_REPEATED}").fetchone()
    return int(found[0]) if found else 0


def once(source: str, repeated: int) -> str:
    """Write the query of the rows of ``source``, those that are there several times once.

    The first by time counts.
    """
    if not repeated:
        return f"from {source}"
    known = f"hash({IDENTITY}) in (select h from {_REPEATED})"
    return f"""from {source} where not {known}
  union all by name
  select * exclude (place_) from (
    select *, row_number() over (partition by {IDENTITY} order by time) as place_
    from {source} where {known}
  ) where place_ = 1"""
