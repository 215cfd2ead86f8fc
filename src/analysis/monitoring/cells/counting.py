"""Counting predictions by day and cell: in SQL, exactly, from a relation of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analysis.monitoring.cells.coding import Coded, coded, number_cell, taken_out, type_of
from analysis.monitoring.cells.record import NUMBERS, FieldBins, VersionBins
from analysis.monitoring.cells.scores import THOUSANDTHS
from analysis.monitoring.cells.scoring import Scored, scored, unit_of, whole
from analysis.monitoring.cells.segments import SPECIAL, Split, split
from analysis.monitoring.cells.sums import MARKS, ROWS_TABLE, Adding, Column
from analysis.monitoring.declared.record import Monitor
from analysis.warehouse.monitored import LATENCY, NULL, ROWS, SCORE
from analysis.warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Rows:
    """Rows of one version: ``query`` gives them, as `labels.joined` does.

    ``arms`` are all that occur. ``version`` is as it is logged. ``marked``: it says of labels
    whether they are late, and were handed in again.
    """

    query: str
    version: str | None
    begin: date
    arms: Sequence[str]
    marked: bool = False


def count_rows(
    con: duckdb.DuckDBPyConnection, rows: Rows, bins: VersionBins | None, monitor: Monitor
) -> None:
    """Add rows to what was counted; of a version without bins only how many, and how fast."""
    model = scored(bins.bundle, monitor.threshold, bins.fields.get(SCORE)) if bins else None
    columns = {"g": _group(rows), "rq": "hash(request)", "ms": "latency_ms"}
    columns |= {name: f"({MARKS[name]})::tinyint" for name in MARKS if rows.marked}
    columns["refusal"] = "case when row is null then coalesce(error ->> '/type', 'unknown') end"
    counted = [Column(ROWS, "0")]
    if bins:
        fields = _fields(bins)
        for one in fields.values():
            if one.setup:
                con.execute(one.setup)
        told, more = _columns(bins, fields, _splits(bins, fields, monitor))
        columns |= told
        counted += more
    _put(con, rows, columns, model, bins)
    has_labels = bool(con.execute(f"select count(labelled) from {ROWS_TABLE}").fetchall()[0][0])
    units = model.units if model else {}
    adding = Adding(
        con,
        rows.version,
        _groups(rows),
        {name: unit for name, unit in units.items() if has_labels or name == "score"},
        tuple(model.counts) if model and has_labels else (),
    )
    if rows.marked:
        adding.days()
    adding.requests()
    adding.refused()
    for column in counted:
        adding.cells(column)


def _columns(
    bins: VersionBins, fields: Mapping[str, Coded], splits: Sequence[Split]
) -> tuple[dict[str, str], list[Column]]:
    """Give the columns of cells and numbers, and what is counted of them."""
    told, counted = {}, []
    for place, (name, one) in enumerate(fields.items()):
        unit = _unit(bins.fields[name])
        told[f"c{place}"] = f"({one.cell})::integer"
        if one.number:
            finite = f"case when isfinite({one.number}) then {one.number} end"
            told[f"v{place}"] = whole(finite, unit)
        counted.append(Column(name, f"c{place}", f"v{place}" if one.number else None, unit))
    if SCORE in bins.fields:
        told["score_cell"] = _score_cell(bins.fields[SCORE])
        counted.append(Column(SCORE, "score_cell"))
    for place, part in enumerate(splits):
        told[f"s{place}"] = f"({part.cell})::integer"
        if part.text:
            told[f"t{place}"] = f"coalesce({part.text}, {literal(SPECIAL[NULL])})"
        text = f"t{place}" if part.text else None
        counted.append(Column(part.field, f"s{place}", text=text, names=part.names))
    return told, counted


def _fields(bins: VersionBins) -> dict[str, Coded]:
    names = [name for name in bins.fields if name not in (SCORE, LATENCY)]
    return {
        name: coded(bins.fields[name], "i", "inputs", place) for place, name in enumerate(names)
    }


def _unit(bins: FieldBins) -> float:
    return unit_of(bins.low, bins.high)


def _splits(bins: VersionBins, fields: dict[str, Coded], monitor: Monitor) -> list[Split]:
    places = {name: place for place, name in enumerate(fields)}
    found = []
    for segment in monitor.segments:
        name = segment.column
        cell = f"c{places[name]}" if name in places else None
        number = fields[name].number if name in fields else None
        one = split(segment, bins.bundle, bins.fields.get(name), cell, number)
        found += [one] if one else []
    return found


def _score_cell(bins: FieldBins | None) -> str:
    if bins is None:
        return "null::integer"
    if bins.kind in NUMBERS:
        inside = number_cell("p", bins.cells)
    else:
        inside = f"least(floor(p * {THOUSANDTHS}), {THOUSANDTHS - 1})"
    return f"(case when p is null then {NULL} else {inside} end)::integer"


def _put(
    con: duckdb.DuckDBPyConnection,
    rows: Rows,
    columns: Mapping[str, str],
    model: Scored | None,
    bins: VersionBins | None,
) -> None:
    """Put the rows into a table, with the cell of each value."""
    told = [f"{expression} as {name}" for name, expression in columns.items()]
    of = "is null" if rows.version is None else f"= {literal(rows.version)}"
    source = f"select * from ({rows.query}) where version {of}"
    if model and bins:
        types = [(n, type_of(bins.fields[n])) for n in bins.fields if n not in (SCORE, LATENCY)]
        inputs = taken_out("inputs", types) if types else "null"
        source = f"select *, {inputs} as i, {model.outputs} as o from ({source})"
        source = f"select *, {model.label} as y, {model.score} as p from ({source})"
        told += _results(model)
    else:
        told.append("null::tinyint as labelled")
    con.execute(
        f"create or replace temp table {ROWS_TABLE} as select {', '.join(told)} from ({source})"
    )


def _results(model: Scored) -> list[str]:
    sums = {"score": "p", "label": "y", "expected": "p", **model.sums}
    told = ["case when y is not null then 1::tinyint end as labelled"]
    for name, unit in model.units.items():
        value = sums[name] if name == "score" else f"case when y is not null then {sums[name]} end"
        told.append(f"{whole(value, unit)} as {name}")
    for name, sql in model.counts.items():
        told.append(f"case when y is not null then ({sql})::tinyint end as {name}")
    return told


def _group(rows: Rows) -> str:
    """Number days, arms and shadows, which is quicker to count by; refusals have negative ones."""
    arms = " ".join(f"when {literal(arm)} then {place}" for place, arm in enumerate(rows.arms))
    arm = f"case arm {arms} else {len(rows.arms)} end" if arms else "0"
    day = f"(day - date {literal(rows.begin.isoformat())})"
    g = f"(({day} * {len(rows.arms) + 1} + {arm}) * 2 + shadow::integer)"
    return f"(case when row is null then -{g} - 1 else {g} end)::integer"


def _groups(rows: Rows) -> str:
    """Write the query that gives day, arm and shadow of the groups of a query ``f``."""
    count = len(rows.arms) + 1
    listed = ", ".join([*map(literal, rows.arms), "null"])
    return (
        f"(date {literal(rows.begin.isoformat())} + (g // {2 * count})::integer) as day, "
        f"[{listed}][(g // 2) % {count} + 1] as arm, g % 2 = 1 as shadow"
    )
