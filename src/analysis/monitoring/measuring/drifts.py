"""Floors of drift, and which drifts have consequences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.experiments.metrics.predictions import Codes, Floats
from analysis.models.bundle.record import Bundle
from analysis.monitoring.estimating.consequences import consequence, importance_shares
from analysis.monitoring.estimating.drifts import DRIFTS, wasserstein
from analysis.monitoring.estimating.floors import Chance, chance
from analysis.monitoring.measuring.asked import Asked
from analysis.monitoring.measuring.extras import Extra, Extras, Key
from analysis.monitoring.measuring.production import Production
from analysis.monitoring.metrics.query import INPUTS_AND_SCORE
from analysis.monitoring.stored.record import Measurement
from analysis.warehouse.monitored import SCORE
from analysis.warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb

WASSERSTEIN = "wasserstein"
NO_FLOOR = "no floor: the rows of training have too few days"


@dataclass(frozen=True)
class Counts:
    """Rows of a field in training by day and cell, (days, cells); bin and mean value of each cell.

    ``bins`` are numbered from 0; cells that hold no numbers have no mean, but NaN.
    """

    rows: Floats
    bins: Codes
    means: Floats


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
    return {**told, WASSERSTEIN: _distance(found, counts.means)}


def _distance(found: Chance, means: Floats) -> float | None:
    numbers = np.flatnonzero(np.isfinite(means))
    if len(numbers) < 2:
        return None
    order = numbers[np.argsort(means[numbers], kind="stable")]
    return Chance(found.runs[:, order], found.others[:, order]).floor(wasserstein(means[order]))


def _counts(con: duckdb.DuckDBPyConnection, model: str, version: str) -> Mapping[str, Counts]:
    where = (
        f"model = {literal(model)} and version = {literal(version)} and origin = 'training' "
        f"and day is not null and {INPUTS_AND_SCORE}"
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
            sum(sum(case when field = {literal(SCORE)} then score else value end))
              over (partition by field, cell) / sum(sum(rows)) over (partition by field, cell)
              as mean
          from meta.cells where {where} group by all
        ), b as (
          select field, cell, bin from meta.bins
          where model = {literal(model)} and version = {literal(version)}
        )
        select list_position([{named}], field) - 1 as field, day, cell, rows,
          coalesce(bin, cell) as bin, coalesce(mean, 'nan'::double) as mean
        from c left join b using (field, cell)"""
    ).fetchnumpy()
    return dict(_by_field(fields, found))


def _by_field(fields: list[str], found: Mapping[str, Any]) -> Iterator[tuple[str, Counts]]:
    of = np.asarray(found["field"], np.int64)
    for number, name in enumerate(fields):
        own = {key: np.asarray(values)[of == number] for key, values in found.items()}
        cells, first, cell = np.unique(own["cell"], return_index=True, return_inverse=True)
        days, day = np.unique(own["day"], return_inverse=True)
        rows = np.zeros((len(days), len(cells)))
        np.add.at(rows, (day, cell), own["rows"])
        _, bins = np.unique(own["bin"][first], return_inverse=True)
        yield name, Counts(rows, bins, own["mean"][first].astype(np.float64))


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
