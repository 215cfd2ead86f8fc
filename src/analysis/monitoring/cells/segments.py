"""The parts of segments that are declared, as columns of SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.models.bundle.record import Bundle
from analysis.monitoring.cells.coding import bisected, part_of
from analysis.monitoring.cells.record import NUMBERS, FieldBins
from analysis.monitoring.declared.record import Segment
from analysis.warehouse.monitored import ABSENT, MISTYPED, NULL, SEGMENT, UNSEEN
from analysis.warehouse.sql import constant, literal

SPECIAL = {NULL: "missing", UNSEEN: "unseen", ABSENT: "absent", MISTYPED: "mistyped"}


@dataclass(frozen=True)
class Split:
    """A segment as SQL: the cell of a row in it, and the name of the part that each cell is.

    Without ``names``, ``text`` gives the part itself.
    """

    field: str
    cell: str
    names: Mapping[int, str]
    text: str | None = None


def split(
    segment: Segment,
    bundle: Bundle,
    bins: FieldBins | None,
    cell: str | None,
    number: str | None,
) -> Split | None:
    """Write a segment; ``None`` if its column is neither a field nor one of the key.

    ``cell`` and ``number`` are of the field of that name, whose cells are ``bins``.
    """
    field, edges = f"{SEGMENT}{segment.column}", sorted(segment.edges)
    if bins is not None and cell is not None:
        if not edges:
            return Split(field, part_of(bins, cell), {**_named(bins), **SPECIAL})
        if number is not None:
            special = f"case when {cell} in ({NULL}, {ABSENT}, {MISTYPED}) then {cell} else"
            return Split(field, f"{special} {_between(number, edges)} end", _ranges(edges))
    if segment.column not in {key.name for key in bundle.key}:
        return None
    pointer = segment.column.replace("~", "~0").replace("/", "~1")
    text = f"(key ->> {literal('/' + pointer)})"
    if not edges:
        return Split(field, f"case when {text} is null then {NULL} else 0 end", {}, text)
    value = f"try_cast({text} as double)"
    missing = f"case when {value} is null then {NULL} else {_between(value, edges)} end"
    return Split(field, missing, _ranges(edges))


def _between(value: str, edges: Sequence[float]) -> str:
    first = f"case when {value} < {constant(float(edges[0]))} then 0"
    return f"{first} else {bisected(value, [float(edge) for edge in edges], 1)} end"


def _ranges(edges: Sequence[float]) -> dict[int, str]:
    inner = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    told = [f"below {edges[0]:g}", *inner, f"{edges[-1]:g} or more"]
    return {**dict(enumerate(told)), **SPECIAL}


def _named(bins: FieldBins) -> dict[int, str]:
    """Name the coarser bins of a field."""
    if bins.kind not in NUMBERS:
        return {one.bin: one.text or "" for one in bins.cells}
    found: dict[int, tuple[float, float]] = {}
    for one in bins.cells:
        low, high = one.low or 0.0, one.high or 0.0
        found[one.bin] = (min(low, found.get(one.bin, (low, high))[0]), high)
    names = {
        b: f"{low:g}" if low == high else f"{low:g} to {high:g}" for b, (low, high) in found.items()
    }
    return names or {0: "any number"}
