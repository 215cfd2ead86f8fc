"""A reference where no row of training is here: from the shares that a bundle tells."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.monitoring.cells.record import FieldBins, VersionBins
from analysis.monitoring.cells.sums import COUNTED_TABLE
from analysis.monitoring.cells.training import ARM
from analysis.warehouse.monitored import NULL, ROWS

if TYPE_CHECKING:
    import duckdb


def told_cells(con: duckdb.DuckDBPyConnection, bins: VersionBins) -> None:
    """Add as many rows to each cell as its share says, on the day on which the bundle was made."""
    rows, day = bins.bundle.provenance.rows, date.fromisoformat(bins.bundle.created[:10])
    counts = {(ROWS, 0): rows}
    for one in bins.fields.values():
        field = bins.bundle.field(one.field)
        if field is not None:
            counts |= _of_field(one, field.nulls, rows)
    told = [[field, cell, count] for (field, cell), count in counts.items() if count]
    con.execute(
        f"""insert into {COUNTED_TABLE} by name
select ? as version, ? as arm, false as shadow, ?::date as day,
  unnest(?::varchar[]) as field, unnest(?::integer[]) as cell, unnest(?::bigint[]) as rows""",
        [bins.version, ARM, day, *map(list, zip(*told, strict=True))],
    )


def _of_field(bins: FieldBins, nulls: float, rows: int) -> dict[tuple[str, int], int]:
    missing = round(nulls * rows)
    shares = zip(bins.cells, bins.shares, strict=False)
    found = {(bins.field, one.cell): round(share * (rows - missing)) for one, share in shares}
    return {**found, (bins.field, NULL): missing}
