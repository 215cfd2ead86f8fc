"""Intervals by part: of the curve of calibration, and of segments, with those that stand out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.experiments.metrics.predictions import Floats
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.estimating.looked import holm, part_tests
from analysis.monitoring.estimating.parts import part_intervals
from analysis.monitoring.estimating.ratios import RATIOS
from analysis.monitoring.measuring.asked import Slice
from analysis.monitoring.measuring.extras import Extra, Extras, Key
from analysis.monitoring.measuring.periods import begin_of
from analysis.monitoring.metrics.scope import SHADOW
from analysis.warehouse.monitored import CELLS, SCORE, SEGMENT
from analysis.warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb

OBSERVED = "calibration_observed"
_SUMS = tuple(CELLS)[tuple(CELLS).index("rows") :]
_ARM = f"case when shadow then {literal(SHADOW)} else arm end"
_OF_SEGMENTS = (
    *("base_rate", "accuracy", "brier", "log_loss"),
    *("mae", "rmse", "bias", "observed_expected"),
)
# Parts stand out where this is less by chance among all parts that were looked at.
_LEVEL = 0.05


@dataclass(frozen=True)
class Parts:
    """Sums by day and part of a slice, each as (days, parts); ``names`` are of and part."""

    names: tuple[tuple[str, str], ...]
    sums: Mapping[str, Floats]


def curve(con: duckdb.DuckDBPyConnection, monitor: Monitor) -> Extras:
    """Give the intervals of what was observed in each bin of the score."""
    source = f"""(select c.version, c.arm, c.shadow, c.day, c.field as "of", b.bin::varchar as part,
      {", ".join(f"c.{name}" for name in _SUMS)}
    from meta.cells c join meta.bins b using (model, version, field, cell)
    where c.model = {literal(monitor.model)} and c.origin = 'production'
      and c.field = {literal(SCORE)} and b.bin >= 0)"""
    for piece, parts in _read(con, source, monitor, whole=False):
        yield from _intervals(piece, parts, OBSERVED, "base_rate")


def segments(
    con: duckdb.DuckDBPyConnection, monitor: Monitor, wholes: Mapping[Key, float], balance: str
) -> Extras:
    """Give the intervals of metrics of segments, and say which parts stand out.

    ``balance`` is the metric by which they do: observed by expected, or the bias of numbers;
    ``wholes`` are the values of it for all rows.
    """
    source = f"""(select version, arm, shadow, day, field as "of", coalesce(text, '') as part,
      {", ".join(_SUMS)} from meta.cells
    where model = {literal(monitor.model)} and origin = 'production'
      and starts_with(field, {literal(SEGMENT)}))"""
    for piece, parts in _read(con, source, monitor, whole=True):
        for name in _OF_SEGMENTS:
            yield from _intervals(piece, parts, name, name)
        whole = wholes.get(Key(piece, balance))
        if whole is not None:
            yield from _outstanding(piece, parts, balance, whole, monitor.least)


def _read(
    con: duckdb.DuckDBPyConnection, source: str, monitor: Monitor, *, whole: bool
) -> Iterator[tuple[Slice, Parts]]:
    sums = ", ".join(f"coalesce(sum({name}), 0)::double as {name}" for name in _SUMS)
    told = f'day, "of", part, {sums}'
    asked = f"select version, {_ARM} as arm, {told} from s where version is not null group by all"
    if whole:
        answered = "where not coalesce(shadow, false) group by all"
        asked += f" union all select null, null, {told} from s {answered}"
    given = f"with s as (select * from {source} where day is not null)"
    rows = con.execute(f"{given} {asked}").fetchall()
    by: dict[Slice, list[tuple[Any, ...]]] = {}
    for version, arm, *others in rows:
        begin = begin_of(others[0], monitor.period)
        by.setdefault(Slice(version, arm, begin), []).append(tuple(others))
    for piece, own in by.items():
        yield piece, _laid_out(own)


def _laid_out(rows: Sequence[tuple[Any, ...]]) -> Parts:
    days = {day: place for place, day in enumerate(sorted({row[0] for row in rows}))}
    names = {name: place for place, name in enumerate(sorted({(r[1], r[2]) for r in rows}))}
    table = np.zeros((len(days), len(names), len(_SUMS)))
    at = [days[row[0]] for row in rows], [names[row[1], row[2]] for row in rows]
    table[at] = [row[3:] for row in rows]
    return Parts(tuple(names), {name: table[:, :, place] for place, name in enumerate(_SUMS)})


def _intervals(piece: Slice, parts: Parts, metric: str, ratio: str) -> Extras:
    low, high = part_intervals(RATIOS[ratio], parts.sums)
    for place, (of, part) in enumerate(parts.names):
        if np.isfinite(low[place]) and np.isfinite(high[place]):
            yield Key(piece, metric, of, part), Extra(float(low[place]), float(high[place]))


def _outstanding(piece: Slice, parts: Parts, balance: str, whole: float, least: int) -> Extras:
    sums = parts.sums
    observed, expected = sums["label"], sums["expected"]
    if balance == "bias":
        observed, expected = sums["expected"] - sums["label"], sums["labelled"]
    many = sums["labelled"].sum(axis=0) >= least
    p = np.where(many, part_tests(observed, expected, whole), np.nan)
    corrected = holm(p)
    looked = int(np.isfinite(p).sum())
    for place, (of, part) in enumerate(parts.names):
        if not many[place]:
            yield Key(piece, balance, of, part), Extra(note=f"less than {least} labels")
        elif corrected[place] < _LEVEL:
            told = f"stands out from all rows, which have {whole:.3g}; {_chance(corrected[place])}"
            note = f"{told}, corrected for {looked} parts looked at"
            yield Key(piece, balance, of, part), Extra(note=note)


def _chance(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
