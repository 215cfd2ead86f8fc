"""Writing SQL that gives the cell of a value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.monitoring.cells.record import NUMBERS, Bin, FieldBins
from analysis.warehouse.monitored import ABOVE, ABSENT, BELOW, MISTYPED, NULL, UNSEEN
from analysis.warehouse.sql import constant, identifier, literal

_TYPES = {"category": "VARCHAR", "boolean": "BOOLEAN"}


@dataclass(frozen=True)
class Coded:
    """A field as columns of SQL: its cell, and the number that it holds (``None`` if it is none).

    ``setup`` is what has to be run before.
    """

    cell: str
    number: str | None = None
    setup: str | None = None


def taken_out(json_column: str, types: Iterable[tuple[str, str]]) -> str:
    """Write what takes values out of a column of JSON, as a struct of these types."""
    told = json.dumps(dict(types), ensure_ascii=False)
    return f"json_transform({json_column}, {literal(told)})"


def type_of(bins: FieldBins) -> str:
    """Name the type in DuckDB as which a field is taken out of JSON."""
    return _TYPES.get(bins.kind, "DOUBLE")


def coded(bins: FieldBins, struct: str, json_column: str, place: int) -> Coded:
    """Write the cell of a field, whose value is in ``struct`` if it is one of its type.

    A text that is a number counts as that number, in a category a number as its text.
    """
    value = f"{struct}.{identifier(bins.field)}"
    told = f"json_type({json_column}, {literal(_pointer(bins.field))})"
    missing = (
        f"case when {told} is null then {ABSENT} when {told} = 'NULL' then {NULL} "
        f"else {MISTYPED} end"
    )
    if bins.kind == "boolean":
        return Coded(f"case when {value} is null then {missing} else {value}::integer end")
    if bins.kind == "category":
        return _category(bins, value, told, missing, f"categories_{place}")
    cell = number_cell(value, bins.cells)
    return Coded(f"case when {value} is null then {missing} else {cell} end", value)


def number_cell(value: str, cells: Sequence[Bin]) -> str:
    """Write the cell of a number; one that is not a number is no value of the type."""
    beyond = f"case when isnan({value}) then {MISTYPED} else {ABOVE} end"
    if not cells:
        return beyond
    low, high = constant(cells[0].low), constant(cells[-1].high)
    inside = bisected(value, [float(cell.low or 0.0) for cell in cells])
    return (
        f"case when {value} > {high} then {beyond} when {value} < {low} then {BELOW} "
        f"else {inside} end"
    )


def bisected(value: str, lows: Sequence[float], first: int = 0) -> str:
    """Write in which of the parts that begin at ``lows`` a value is, by few comparisons."""
    if len(lows) == 1:
        return str(first)
    half = len(lows) // 2
    below, above = bisected(value, lows[:half], first), bisected(value, lows[half:], first + half)
    return f"case when {value} < {constant(lows[half])} then {below} else {above} end"


def part_of(bins: FieldBins, cell: str) -> str:
    """Write the coarser bin of a cell."""
    if bins.kind not in NUMBERS:
        return cell
    firsts = list(dict.fromkeys(one.bin for one in bins.cells)) or [0]
    lows = [
        min(float(c.cell) for c in bins.cells if c.bin == b) if bins.cells else 0 for b in firsts
    ]
    return (
        f"case when {cell} = {BELOW} then 0 when {cell} = {ABOVE} then {firsts[-1]} "
        f"when {cell} < 0 then {cell} else {bisected(cell, lows)} end"
    )


def _category(bins: FieldBins, value: str, told: str, missing: str, kind: str) -> Coded:
    texts = ", ".join(literal(one.text or "") for one in bins.cells)
    other = f"case when {told} in ('ARRAY', 'OBJECT') then {MISTYPED} else {UNSEEN} end"
    if not texts:
        return Coded(f"case when {value} is null then {missing} else {other} end")
    found = f"enum_code(try_cast({value} as {kind}))::integer"
    setup = f"drop type if exists {kind}; create type {kind} as enum ({texts})"
    cell = f"case when {value} is null then {missing} else coalesce({found}, {other}) end"
    return Coded(cell, setup=setup)


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
