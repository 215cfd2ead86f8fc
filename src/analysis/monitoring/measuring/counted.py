"""Sums by day out of ``meta.cells``, for what is drawn by days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.experiments.metrics.predictions import Codes, Floats
from analysis.monitoring.estimating.daily import Daily, Scores
from analysis.monitoring.metrics.scope import SHADOW
from analysis.warehouse.monitored import CELLS, ROWS, SCORE
from analysis.warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb

# Cells of a probability.
_CELLS = 1000
_OF_SCORES = ("rows", "score", "labelled", "expected", "label")
_SUMS = tuple(CELLS)[tuple(CELLS).index("rows") :]
_ARM = f"case when shadow then {literal(SHADOW)} else arm end"


@dataclass(frozen=True)
class Group:
    """Rows of a version and an arm (``None``: all), by day; ``dates`` are in order."""

    version: str | None
    arm: str | None
    dates: tuple[date, ...]
    daily: Daily

    def between(self, begin: date, finish: date) -> Daily:
        """Give the days of a period that there are."""
        return self.daily.of_days(np.array([begin <= day < finish for day in self.dates], bool))

    def on(self, dates: Sequence[date]) -> Daily:
        """Give these days; those without rows are nought."""
        return _laid_out(self, {day: place for place, day in enumerate(dates)})


def groups(
    con: duckdb.DuckDBPyConnection, model: str, origin: str, *, scores: bool
) -> tuple[Group, ...]:
    """Read each version and arm; ``scores`` says whether there are probabilities."""
    where = f"model = {literal(model)} and origin = {literal(origin)} and version is not null"
    told = ", ".join(f"sum({name})::double as {name}" for name in _SUMS)
    rows = con.execute(
        f"select version, {_ARM} as arm, day, {told} from meta.cells "
        f"where {where} and field = {literal(ROWS)} and day is not null group by all order by all"
    ).fetchall()
    by: dict[tuple[str, str | None], list[tuple[Any, ...]]] = {}
    for version, arm, *others in rows:
        by.setdefault((version, arm), []).append(tuple(others))
    return tuple(
        _group(con, f"{where} and {_named(*key)}", key, found, scores=scores)
        for key, found in by.items()
    )


def _named(version: str, arm: str | None) -> str:
    same = f"= {literal(arm)}" if arm is not None else "is null"
    return f"version = {literal(version)} and {_ARM} {same}"


def _group(
    con: duckdb.DuckDBPyConnection,
    where: str,
    key: tuple[str, str | None],
    rows: Sequence[tuple[Any, ...]],
    *,
    scores: bool,
) -> Group:
    dates = tuple(row[0] for row in rows)
    table = np.array([row[1:] for row in rows], np.float64)
    sums = {name: np.nan_to_num(table[:, place]) for place, name in enumerate(_SUMS)}
    found = _scores(con, where, dates) if scores else None
    return Group(*key, dates, Daily(sums, found))


def _scores(con: duckdb.DuckDBPyConnection, where: str, dates: Sequence[date]) -> Scores:
    told = ", ".join(f"coalesce(sum({name}), 0)::double as {name}" for name in _OF_SCORES)
    found = con.execute(
        f"select day - date '1970-01-01' as day, cell, {told} from meta.cells "
        f"where {where} and field = {literal(SCORE)} and cell between 0 and {_CELLS - 1} "
        "and day is not null group by all"
    ).fetchnumpy()
    days = np.array([(day - date(1970, 1, 1)).days for day in dates])
    place = np.searchsorted(days, found["day"])
    place = np.minimum(place, len(days) - 1)
    known = days[place] == found["day"]
    at = place[known] * _CELLS + np.asarray(found["cell"], np.int64)[known]
    return Scores(*(_table(at, found[name][known], len(dates)) for name in _OF_SCORES))


def _table(at: Codes, values: Floats, days: int) -> Floats:
    counts = np.bincount(at, np.asarray(values, np.float64), minlength=days * _CELLS)
    return np.asarray(counts.reshape(days, _CELLS), np.float64)


def together(parts: Sequence[Group], version: str | None, arm: str | None) -> Group | None:
    """Add up the rows of several groups by day."""
    if len(parts) < 2:
        return Group(version, arm, parts[0].dates, parts[0].daily) if parts else None
    dates = sorted({day for part in parts for day in part.dates})
    laid = [part.on(dates) for part in parts]
    sums = {name: _sum([daily.sums[name] for daily in laid]) for name in _SUMS}
    tables = [daily.scores for daily in laid if daily.scores]
    scores = _added(tables) if tables else None
    return Group(version, arm, tuple(dates), Daily(sums, scores))


def _added(tables: Sequence[Scores]) -> Scores:
    return Scores(
        _sum([table.rows for table in tables]),
        _sum([table.score for table in tables]),
        _sum([table.labelled for table in tables]),
        _sum([table.expected for table in tables]),
        _sum([table.positive for table in tables]),
    )


def _sum(parts: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(parts, axis=0), np.float64)


def _laid_out(group: Group, places: Mapping[date, int]) -> Daily:
    kept = [(at, places[day]) for at, day in enumerate(group.dates) if day in places]
    source, target = [at for at, _ in kept], [place for _, place in kept]

    def laid(values: Floats) -> Floats:
        found = np.zeros((len(places), *values.shape[1:]))
        found[target] = values[source]
        return found

    sums = {name: laid(values) for name, values in group.daily.sums.items()}
    of = group.daily.scores
    scores = (
        Scores(*(laid(v) for v in (of.rows, of.score, of.labelled, of.expected, of.positive)))
        if of
        else None
    )
    return Daily(sums, scores)
