"""The view on predictions: all that servers have answered or refused, as they logged it."""

from __future__ import annotations

from analysis.lineage.system import PREDICTIONS_FOLDER
from analysis.warehouse.building.live.files import below
from analysis.warehouse.predictionlog import COLUMNS, COMPACTED, SEGMENT, WHOLE, lines

_SEGMENTS = below(f"{PREDICTIONS_FOLDER}/*/*{SEGMENT}")
_COMPACTED = below(f"{PREDICTIONS_FOLDER}/*/*{COMPACTED}")
_NOTHING = ", ".join(
    f"null::{kind} as {name}" for name, kind in {**COLUMNS, "filename": "VARCHAR"}.items()
)
# By name: what it is, and its query.
VIEWS = {
    "predictions": (
        "What models have predicted: a row each, and a row for each request that was refused",
        f"""
        with compacted as (
          select {_NOTHING} where false
          union all by name
          from read_parquet({_COMPACTED}, allow_empty = true, filename = true)
        ),
        logged as (
          select * replace (null as filename) from compacted
          union all by name
          from {lines(_SEGMENTS, allow_empty=True)}
        )
        select
          time, request, row, model, version, arm, shadow, key, inputs, outputs,
          outputs ->> '$.prediction' as prediction,
          try_cast(outputs ->> '$.probability' as double) as probability,
          latency_ms,
          try_cast(error ->> '$.status' as bigint) as status,
          error ->> '$.type' as error,
          error ->> '$.field' as field
        from logged
        where {WHOLE}
          -- A segment that is in Parquet already is there until the next one is. What counts is
          -- which files were read: one more may have come since.
          and (filename is null or filename not in (
            select distinct regexp_replace(filename, '[.]parquet$', '{SEGMENT}') from compacted
          ))
        """,
    ),
}
