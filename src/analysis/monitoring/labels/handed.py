"""Labels as they were handed in, as SQL: one for each prediction, or key, that they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from analysis.models.bundle.record import KeyField
from analysis.monitoring.labels.typed import key_hash
from analysis.warehouse.sql import files

if TYPE_CHECKING:
    import duckdb

# What a label is of: a row of a request, all rows of it, a key until a time, or a key at any time.
Kind = Literal["row", "request", "until", "key"]
_WHERE: Mapping[Kind, str] = {
    "row": "request is not null and row is not null",
    "request": "request is not null and row is null",
    "until": "request is null and time is not null",
    "key": "request is null and time is null",
}
# A label that was received later, or stands further down in its file, is the one that counts.
RECEIVED_ROWS = 2**40
_PLACE = f"epoch_us(received)::hugeint * {RECEIVED_ROWS} + file_row_number"
_ALL = "handed_labels"


@dataclass(frozen=True)
class Handed:
    """Labels of one kind: how many, and of how many predictions or keys, where they differ."""

    kind: Kind
    labels: int
    targets: int

    @property
    def by(self) -> str:
        """Name what tells the targets apart."""
        return "h, time" if self.kind == "until" else "h"

    @property
    def query(self) -> str:
        """Write the query of its targets, with the label that counts.

        ``handed`` is how often one was handed in; ``contradicting`` says whether they differ.
        """
        kept = f"from {_ALL} where kind = '{self.kind}' and h is not null"
        if self.labels == self.targets:
            return (
                f"select h, time, label, known, place, 1 as handed, false as contradicting {kept}"
            )
        time = "time" if self.kind == "until" else "null::timestamp as time"
        return f"""select h, {time}, arg_max(label, place) as label, arg_max(known, place) as known,
  max(place) as place, count(*) as handed, min(label) <> max(label) as contradicting
  {kept} group by {self.by}"""


def count_again(con: duckdb.DuckDBPyConnection, since: datetime) -> tuple[int, int]:
    """Count labels received at ``since`` of what had a label before: the same one, or another.

    It is of those that `find_handed` has noted.
    """
    place = f"epoch_us(timestamp '{since:%Y-%m-%d %H:%M:%S.%f}')::hugeint * {RECEIVED_ROWS}"
    target = "hash(kind, h, time)"
    found = con.execute(
        f"""select count_if(label = before), count_if(label <> before) from (
  select label, place, lag(label) over (partition by kind, h, time order by place) as before
  from {_ALL}
  where h is not null and {target} in (select {target} from {_ALL} where place >= {place})
) where place >= {place}"""
    ).fetchone()
    return (int(found[0] or 0), int(found[1] or 0)) if found else (0, 0)


def find_handed(
    con: duckdb.DuckDBPyConnection, labels: Sequence[Path], key: Sequence[KeyField]
) -> tuple[Handed, ...]:
    """Note the labels in ``labels``; give their kinds, as far as there are any."""
    if not labels:
        return ()
    kinds = " ".join(f"when {told} then '{kind}'" for kind, told in _WHERE.items())
    hashes = {"row": "hash(request, row)", "request": "hash(request)"}
    found = " ".join(f"when '{kind}' then {told}" for kind, told in hashes.items())
    by_key = key_hash("key", key) if key else "null"
    con.execute(
        f"""create or replace temp view {_ALL} as
select *, case kind {found} else {by_key} end as h from (
  select request, row, key, time, label, known, {_PLACE} as place,
    (case {kinds} end)::varchar as kind
  from read_parquet({files(labels)}, file_row_number = true) where label is not null
)"""
    )
    # Where a hash stands for two, they are grouped for nothing: no harm is done.
    target = "case kind when 'until' then hash(h, time) else h end"
    rows = con.execute(
        f"select kind, count(*), count(distinct {target}) "
        f"from {_ALL} where h is not null group by kind order by kind"
    ).fetchall()
    return tuple(Handed(*row) for row in rows)
