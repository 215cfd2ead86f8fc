"""Looking at the values of a relation: once at all of it, and once at each column.

Values are the same on every machine: what depends on the order of rows is summed up in one thread
and rounded. Columns that tell of people are counted, and nothing of their values is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import duckdb

from analysis.warehouse.profiling.bins import LEVELS, Bins, choose_bins
from analysis.warehouse.profiling.shapes import Shape, cut, quoted, scale, shape_of, shown
from analysis.warehouse.sql import identifier

# A larger relation is looked at through a sample of about this many rows.
MOST_ROWS = 5_000_000
SAMPLE_ROWS = 1_000_000
SEED = 1
# Of a relation with more columns, the others are counted and no more: nobody looks at them all.
MOST_COLUMNS = 200
AT_ONCE = 100  # DuckDB takes more than twice as long to plan twice as many aggregates
_SAMPLE = "temp.profile_sample"
EXAMPLES = 5
FREQUENCIES = 10


@dataclass(frozen=True)
class Profile:
    """What is told of a column; ``values`` holds what may not be told of a person."""

    column: str
    rows: int
    missing: int
    distinct: int
    sampled: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Column:
    name: str
    shape: Shape
    hidden: bool

    @property
    def quoted(self) -> str:
        return identifier(self.name)


@dataclass(frozen=True)
class _Look:
    """The number of distinct values, and what else the values tell."""

    distinct: int
    values: dict[str, Any]


def profile(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    hidden: Set[str],
    most_rows: int = MOST_ROWS,
    sample_rows: int = SAMPLE_ROWS,
) -> Iterator[Profile]:
    """Look at ``relation``, whose ``hidden`` columns are pii; one profile a column, in order.

    Rows, missing values and the range are of all rows. Where there are more than ``most_rows``,
    all else is of a sample of them, and the number of distinct values is an estimate.
    """
    source = quoted(relation)
    types = con.execute(f"describe {source}").fetchall()
    columns = [_Column(row[0], shape_of(row[1]), row[0] in hidden) for row in types]
    rows = con.execute(f"select count(*) from {source}").fetchall()[0][0]
    sampled = _draw(con, source, sample_rows / rows) if rows > most_rows else None
    looked_at = source if sampled is None else _SAMPLE
    estimate = sampled is not None or len(columns) > MOST_COLUMNS
    totals = _count(con, source, columns, estimate=estimate)
    for index, (column, total) in enumerate(zip(columns, totals, strict=True)):
        if index < MOST_COLUMNS:
            yield _complete(column, rows, total, _look(con, looked_at, column), sampled)
        else:
            yield _complete(column, rows, total, _Look(0, {}), 0)
    con.execute(f"drop table if exists {_SAMPLE}")


@dataclass(frozen=True)
class _Total:
    """What all rows tell of a column: present values, their range, about how many are distinct."""

    present: int
    low: str | None
    high: str | None
    distinct: int


def _count(
    con: duckdb.DuckDBPyConnection, source: str, columns: Sequence[_Column], *, estimate: bool
) -> Iterator[_Total]:
    for start in range(0, len(columns), AT_ONCE):
        parts = [
            part
            for column in columns[start : start + AT_ONCE]
            for part in _aggregates(column, estimate=estimate)
        ]
        found = con.execute(f"select {', '.join(parts)} from {source}").fetchall()[0]
        for i in range(0, len(found), 4):
            present, low, high, distinct = found[i : i + 4]
            yield _Total(present, cut(low), cut(high), min(distinct, present))


def _aggregates(column: _Column, *, estimate: bool) -> Iterator[str]:
    name = column.quoted
    tells = column.shape is not Shape.OTHER and not column.hidden
    yield f"count({name})"
    yield shown(f"min({name})") if tells else "null"
    yield shown(f"max({name})") if tells else "null"
    yield f"approx_count_distinct({name})" if estimate else "0"


def _complete(
    column: _Column, rows: int, total: _Total, look: _Look, sampled: int | None
) -> Profile:
    ranged = {} if column.hidden else {"minimum": total.low, "maximum": total.high}
    return Profile(
        column=column.name,
        rows=rows,
        missing=rows - total.present,
        distinct=look.distinct if sampled is None else total.distinct,
        sampled=sampled,
        values={**ranged, **look.values},
    )


def _draw(con: duckdb.DuckDBPyConnection, source: str, share: float) -> int:
    """Draw the sample; in one thread the same rows always give the same one."""
    con.execute(
        f"create or replace temp table profile_sample as from {source} "
        f"tablesample bernoulli({share * 100:.6f}%) repeatable ({SEED})"
    )
    return int(con.execute(f"select count(*) from {_SAMPLE}").fetchall()[0][0])


# The distinct values with their numbers of rows tell all that is wanted; there are mostly few.
_DISTINCT = """
with found as materialized (
  select {column} as v, count(*) as n from {source} where {column} is not null group by all
)
"""
_FREQUENT = """
(select list({{'value': value, 'n': n}} order by n desc, v) from (
  select v, {shown} as value, n from found order by n desc, v limit {most}
))
"""
_RANKED = """
, ranked as (
  select x, n, sum(n) over (order by x) as s, sum(n) over () as total
  from (select {scale} as x, n from found) where isfinite(x)
)
"""
_MEASURED = """
select
  (select count(*) from found), {frequent},
  any_value(total), min(x), max(x), fsum(x * n) / any_value(total), [{quantiles}]
from ranked
"""


def _look(con: duckdb.DuckDBPyConnection, source: str, column: _Column) -> _Look:
    """Look at the values of one column."""
    distinct = _DISTINCT.format(column=column.quoted, source=source)
    if column.hidden or column.shape is Shape.OTHER:
        return _Look(con.execute(f"{distinct} select count(*) from found").fetchall()[0][0], {})
    frequent = _FREQUENT.format(shown=shown("v"), most=FREQUENCIES)
    if column.shape.is_measured:
        return _measure(con, source, column, distinct, frequent)
    [(count, common)] = con.execute(f"{distinct} select count(*), {frequent} from found").fetchall()
    return _Look(count, {"examples": _examples(common), "frequencies": _cut(common)})


def _measure(
    con: duckdb.DuckDBPyConnection, source: str, column: _Column, distinct: str, frequent: str
) -> _Look:
    quantiles = ", ".join(f"min(x) filter (s >= {level} * total)" for level in LEVELS)
    ranked = _RANKED.format(scale=scale("v", column.shape))
    measured = _MEASURED.format(frequent=frequent, quantiles=quantiles)
    found = con.execute(distinct + ranked + measured).fetchall()[0]
    count, common, total, low, high, mean, levels = found
    values: dict[str, Any] = {"examples": _examples(common)}
    if not total:
        return _Look(count, values)
    if column.shape is not Shape.TIME:
        values["mean"] = rounded(mean)
    if bins := choose_bins(low, high, levels, total, whole=column.shape is Shape.WHOLE):
        values |= _histogram(con, source, column, bins)
    return _Look(count, values)


def _cut(common: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [{**item, "value": cut(item["value"])} for item in common or []]


def _examples(common: list[dict[str, Any]] | None) -> list[str]:
    return [item["value"] for item in _cut(common)[:EXAMPLES]]


_HISTOGRAM = """
select
  count(*) filter (x < {low}), count(*) filter (x > {high}),
  histogram(greatest(0, least({last}, floor((x - {low}) / {width})))::int)
    filter (x >= {low} and x <= {high})
from (select {scale} as x from {source} where {column} is not null)
where not isnan(x)
"""


def _histogram(
    con: duckdb.DuckDBPyConnection, source: str, column: _Column, bins: Bins
) -> dict[str, Any]:
    sql = _HISTOGRAM.format(
        low=repr(float(bins.low)),
        high=repr(float(bins.high)),
        width=repr(float(bins.width)),
        last=bins.count - 1,
        scale=scale(column.quoted, column.shape),
        source=source,
        column=column.quoted,
    )
    [(below, above, counts)] = con.execute(sql).fetchall()
    drawn = [
        {"low": rounded(bins.edge(i)), "high": rounded(bins.edge(i + 1)), "n": counts.get(i, 0)}
        for i in range(bins.count)
    ]
    return {"histogram": drawn, "below": below, "above": above}


def rounded(value: float) -> float:
    """Round to 12 digits that count: the last ones depend on the order of a sum."""
    return float(f"{value:.12g}")
