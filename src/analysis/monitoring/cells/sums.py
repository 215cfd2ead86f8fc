"""Adding rows with their cells to the table of what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analysis.monitoring.cells.scores import LONGEST, SHORTEST, STEPS
from analysis.warehouse.monitored import CELLS, LATENCY, REFUSED, ROWS, SCORE, SEGMENT
from analysis.warehouse.sql import constant, literal

if TYPE_CHECKING:
    import duckdb

ROWS_TABLE, COUNTED_TABLE, _REQUESTS = "coded_rows", "counted", "coded_requests"
SUMS = ("score", "label", "expected", "brier", "log_loss", "absolute", "squared")
COUNTS = ("correct", "flagged", "hits")
# What calibration needs of scores. Of inputs rows and their values are enough for drift; more
# would be most of what is kept.
_OF_SCORES = ("score", "label", "expected")
# What there is to say of labels, whatever they say.
MARKS = {
    "marked": "label is not null",
    "late": "late",
    "duplicate": "duplicate",
    "contradicting": "contradicting",
}
_DAYS_TABLE = "counted_days"
_KEY = "version, arm, shadow, day, field, cell, text"
# Sums are whole numbers of fractions, `unit` to one, until all are there.
_DEFINED = (
    "version varchar, arm varchar, shadow boolean, day date, field varchar, cell integer, "
    "text varchar, rows bigint, labelled bigint, "
    + "".join(f"{name} hugeint, {name}_unit double, " for name in ("value", *SUMS))
    + ", ".join(f"{name} bigint" for name in COUNTS)
)


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table that rows are added to, with nothing in it."""
    con.execute(f"create or replace temp table {COUNTED_TABLE} ({_DEFINED})")
    marks = "".join(f", {name} bigint" for name in MARKS)
    days = f"day date, logged bigint, rows bigint{marks}"
    con.execute(f"create or replace temp table {_DAYS_TABLE} ({days})")


def counted_days(con: duckdb.DuckDBPyConnection) -> dict[date, tuple[int, ...]]:
    """Give what was counted by day: rows that were logged, predictions, and labels by `MARKS`."""
    told = ", ".join(f"sum({name})::bigint" for name in ("logged", "rows", *MARKS))
    rows = con.execute(f"select day, {told} from {_DAYS_TABLE} group by day order by day")
    return {row[0]: tuple(map(int, row[1:])) for row in rows.fetchall()}


def counted_cells(model: str, origin: str) -> str:
    """Write the query of what was counted, as `monitored.CELLS` has it, in an order of its own."""
    told = {
        "model": literal(model),
        "origin": literal(origin),
        "rows": "sum(rows)::bigint",
        "labelled": "coalesce(sum(labelled), 0)::bigint",
        **{name: f"sum({name})::double / any_value({name}_unit)" for name in ("value", *SUMS)},
        **{name: f"sum({name})::bigint" for name in COUNTS},
    }
    listed = ", ".join(
        f"({told.get(name, name)})::{kind} as {name}" for name, kind in CELLS.items()
    )
    return f"select {listed} from {COUNTED_TABLE} group by {_KEY}"


@dataclass(frozen=True)
class Column:
    """What is counted of a field: the column of its cells, and that of its numbers with their unit.

    Parts of a segment have their names in the column ``text``, or ``names`` by cell.
    """

    field: str
    cell: str
    number: str | None = None
    unit: float = 1.0
    text: str | None = None
    names: Mapping[int, str] | None = None

    def has(self, sum_: str) -> bool:
        """Say whether a sum is kept of it: all are of all rows and of segments."""
        is_whole = self.field == ROWS or self.field.startswith(SEGMENT)
        return is_whole or (self.field == SCORE and sum_ in _OF_SCORES)


@dataclass(frozen=True)
class Adding:
    """Adds the rows of one version to what was counted.

    ``groups`` writes day, arm and shadow of a group; ``units`` are of the sums that there are,
    ``counts`` are the columns of 0 and 1. Without labels there is only the score.
    """

    con: duckdb.DuckDBPyConnection
    version: str | None
    groups: str
    units: Mapping[str, float]
    counts: tuple[str, ...]

    def cells(self, column: Column) -> None:
        """Count rows by the cells of a field."""
        told = {"rows": "count(*)", "labelled": "count(labelled)"}
        if column.number:
            told |= {"value": f"sum({column.number})", "value_unit": constant(column.unit)}
        for name, unit in self.units.items():
            if column.has(name):
                told |= {name: f"sum({name})", f"{name}_unit": constant(unit)}
        told |= {name: f"sum({name})" for name in self.counts if column.has(name)}
        by = ["g", f"{column.cell} as cell", *([f"{column.text} as text"] if column.text else [])]
        listed = ", ".join([*by, *(f"{sql} as {name}" for name, sql in told.items())])
        query = f"select {listed} from {ROWS_TABLE} where g >= 0 group by {_names(len(by))}"
        self._insert(column.field, query, tuple(told), _part(column))

    def days(self) -> None:
        """Count rows and labels by day."""
        told = ", ".join(f"sum({name}) as {name}" for name in MARKS)
        grouped = (
            f"select greatest(g, -g - 1) as g, count(*) as logged, count_if(g >= 0) as rows, {told}"
        )
        query = f"{grouped} from {ROWS_TABLE} group by 1"
        names = ", ".join(("logged", "rows", *MARKS))
        self.con.execute(
            f"insert into {_DAYS_TABLE} by name select day, {names} "
            f"from (select {self.groups}, {names} from ({query}))"
        )

    def requests(self) -> None:
        """Count requests, and how long they took: one that gave several rows counts once."""
        self.con.execute(
            f"create or replace temp table {_REQUESTS} as select g, max(ms) as ms "
            f"from {ROWS_TABLE} where g >= 0 group by g, rq"
        )
        number = "0 as cell, 0 as rows, count(*) as value, 1 as value_unit"
        columns = ("rows", "value", "value_unit")
        self._insert(ROWS, f"select g, {number} from {_REQUESTS} group by g", columns, "null")
        cell = f"floor({STEPS} * log10(greatest(ms, 1e-9)))"
        query = f"""select g, greatest({SHORTEST}, least({LONGEST}, {cell}))::integer as cell,
  count(*) as rows, sum(round(ms * 1000)::bigint) as value, 1000 as value_unit
from {_REQUESTS} where ms is not null group by 1, 2"""
        self._insert(LATENCY, query, columns, "null")

    def refused(self) -> None:
        """Count requests that were refused, by the kind of error."""
        query = f"""select -g - 1 as g, 0 as cell, refusal as text, count(*) as rows
from {ROWS_TABLE} where g < 0 group by 1, 3"""
        self._insert(REFUSED, query, ("rows",), "text")

    def _insert(self, field: str, query: str, columns: tuple[str, ...], part: str) -> None:
        of = "null" if self.version is None else literal(self.version)
        self.con.execute(
            f"""insert into {COUNTED_TABLE} by name
select {of} as version, {self.groups}, {literal(field)} as field, cell, {part} as text,
  {", ".join(columns)} from ({query})"""
        )


def _names(count: int) -> str:
    return ", ".join(str(place + 1) for place in range(count))


def _part(column: Column) -> str:
    if column.names:
        cases = " ".join(f"when {cell} then {literal(name)}" for cell, name in column.names.items())
        return f"case cell {cases} end"
    return "text" if column.text else "null"
