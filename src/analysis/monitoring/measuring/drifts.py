"""Floors of drift, and which drifts have consequences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.metrics.means import ratio
from analysis.experiments.metrics.predictions import Codes, Floats
from analysis.models.bundle.record import Bundle
from analysis.monitoring.estimating.consequences import consequence, importance_shares
from analysis.monitoring.estimating.drifts import DRIFTS, wasserstein
from analysis.monitoring.estimating.floors import (
    Chance,
    chance,
    highest_by_chance,
    runs_of_days,
)
from analysis.monitoring.measuring.asked import Asked
from analysis.monitoring.measuring.extras import Extra, Extras, Key
from analysis.monitoring.measuring.production import Production
from analysis.monitoring.stored.record import Measurement
from analysis.warehouse.monitored import LATENCY, SCORE
from analysis.warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb

WASSERSTEIN = "wasserstein"
NO_FLOOR = "no floor: the rows of training have too few days"


@dataclass(frozen=True)
class Counts:
    """Rows of a field in training by day and cell, (days, cells), and the sums of their values.

    ``bins`` are those of the cells, numbered from 0; cells of no numbers have no sums, but NaN.
    """

    rows: Floats
    bins: Codes
    values: Floats


def floors(
    con: duckdb.DuckDBPyConnection, asked: Iterable[Asked], production: Production
) -> Extras:
    """Give the floor of each drift; periods alike in days and rows have the same one."""
    counts: dict[str, Mapping[str, Counts]] = {}
    known: dict[tuple[str, str, int, int], Mapping[str, float | None]] = {}
    for row in asked:
        version = production.reference_version(row.slice)
        if row.metric not in (*DRIFTS, WASSERSTEIN) or version is None or row.value is None:
            continue
        if version not in counts:
            counts[version] = _counts(con, production.monitor.model, version)
        at = version, row.of, production.days(row.slice.begin), row.rows
        if at not in known:
            known[at] = _floors(counts[version].get(row.of), at[2], at[3])
        floor = known[at].get(row.metric)
        extra = Extra(floor=floor, note=NO_FLOOR if floor is None else None)
        yield Key(row.slice, row.metric, row.of, row.part), extra


def _floors(counts: Counts | None, length: int, rows: int) -> Mapping[str, float | None]:
    found = chance(counts.rows, length, rows) if counts else None
    if counts is None or found is None:
        return {}
    coarse = found.merged(counts.bins)
    told = {name: coarse.floor(drift) for name, drift in DRIFTS.items()}
    return {**told, WASSERSTEIN: _distance(found, counts, length)}


def _distance(found: Chance, counts: Counts, length: int) -> float | None:
    """Give the floor of the distance; the rows of a cell lie at their mean, on either side."""
    numbers = np.isfinite(counts.values).all(axis=0)
    if not numbers.any():
        return None
    rows, values = counts.rows[:, numbers], counts.values[:, numbers]
    some, sums = runs_of_days(rows, length), runs_of_days(values, length)
    at = ratio(sums, some)
    beside = ratio(values.sum(axis=0) - sums, rows.sum(axis=0) - some)
    return highest_by_chance(
        wasserstein(found.runs[:, numbers], at, found.others[:, numbers], beside)
    )


def _counts(con: duckdb.DuckDBPyConnection, model: str, version: str) -> Mapping[str, Counts]:
    where = (
        f"model = {literal(model)} and version = {literal(version)} and origin = 'training' "
        f"and day is not null and field <> {literal(LATENCY)} and field in "
        f"(select field from meta.bins where model = {literal(model)} "
        f"and version = {literal(version)})"
    )
    fields = [
        f
        for (f,) in con.execute(
            f"select distinct field from meta.cells where {where} order by field"
        ).fetchall()
    ]
    if not fields:
        return {}
    named = ", ".join(map(literal, fields))
    found = con.execute(
        f"""with c as (
          select field, day - date '1970-01-01' as day, cell, sum(rows)::double as rows,
            sum(case when field = {literal(SCORE)} then score else value end) as value
          from meta.cells where {where} group by all
        ), b as (
          select field, cell, bin from meta.bins
          where model = {literal(model)} and version = {literal(version)}
        )
        select list_position([{named}], field) - 1 as field, day, cell, rows, bin,
          coalesce(value, 'nan'::double) as value
        from c join b using (field, cell)"""
    ).fetchnumpy()
    return dict(_by_field(fields, found))


def _by_field(fields: list[str], found: Mapping[str, Any]) -> Iterator[tuple[str, Counts]]:
    of = np.asarray(found["field"], np.int64)
    for number, name in enumerate(fields):
        own = {key: np.asarray(values)[of == number] for key, values in found.items()}
        cells, first, cell = np.unique(own["cell"], return_index=True, return_inverse=True)
        days, day = np.unique(own["day"], return_inverse=True)
        rows = np.zeros((len(days), len(cells)))
        values = np.where(_numbers(cell, own["value"]), rows, np.nan)
        rows[day, cell], values[day, cell] = own["rows"], own["value"]
        _, bins = np.unique(own["bin"][first], return_inverse=True)
        yield name, Counts(rows, bins, values)


def _numbers(cell: Codes, value: Floats) -> NDArray[np.bool_]:
    """Say of each cell whether all of its rows are numbers."""
    return np.asarray(np.bincount(cell, ~np.isfinite(value)) == 0, bool)


def consequences(
    measured: Iterable[Measurement], bundles: Mapping[str, Bundle]
) -> list[Measurement]:
    """Give by how much each input's drift is beyond its floor, times its share of importance."""
    shares = {version: importance_shares(bundle.importance) for version, bundle in bundles.items()}
    return [
        replace(
            one,
            metric="consequence",
            value=consequence(one.value, one.floor, shares[one.version].get(one.of, 0.0)),
            floor=None,
            note=None,
        )
        for one in measured
        if one.metric == "psi"
        and one.value is not None
        and one.version in shares
        and shares[one.version]
        and not one.of.startswith("@")
    ]
