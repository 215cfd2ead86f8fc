"""Labels as they were handed in, as SQL: one for each prediction, or key, that they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_PLACE = "epoch_us(received)::hugeint * 1099511627776 + file_row_number"
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
