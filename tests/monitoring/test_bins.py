"""Cells of fields: their edges, and how they are put into bins."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analysis.models.bundle.record import QUANTILES, Field
from analysis.monitoring.cells.bins import make_bins
from analysis.monitoring.cells.edges import POINTS, cell_edges, coarser, number_bins
from analysis.monitoring.cells.scores import probability_bins
from analysis.monitoring.cells.store import read_bins, write_bins
from analysis.monitoring.cells.training import Training
from analysis.project import find_project
from analysis.warehouse.monitored import BINS
from analysis.warehouse.opened import in_memory
from tests.helpers.bundles import bundle_of

NO_ROWS = Training(why_not="they are not here")


def test_cells_of_a_continuous_number_have_about_the_same_mass() -> None:
    values = np.random.default_rng(1).normal(size=10_000)
    edges, shares = cell_edges(POINTS, np.quantile(values, POINTS))
    counts = np.histogram(values, edges)[0]
    assert len(edges) == 51 and counts.min() >= 199 and counts.max() <= 201
    assert sum(shares) == pytest.approx(1)
    bins = [one.bin for one in number_bins(edges, shares) if one.cell >= 0]
    assert bins == [place // 5 for place in range(50)]


@pytest.mark.parametrize("seed", range(20))
def test_each_cell_is_a_run_of_values_whatever_the_ties(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.poisson(draw.uniform(0.05, 30), 500).astype(float)
    found = np.quantile(values, POINTS, method="inverted_cdf")
    edges, shares = cell_edges(POINTS, found)
    assert edges[0] == values.min() and edges[-1] == values.max()
    assert all(low < high for low, high in pairwise(edges[:-1]))
    assert edges[-2] <= edges[-1] and sum(shares) == pytest.approx(1)
    bins = coarser(shares)
    assert bins == sorted(bins) and set(bins) == set(range(max(bins) + 1)) and len(set(bins)) <= 10


def test_a_constant_number_has_one_cell_and_one_without_values_none() -> None:
    edges, shares = cell_edges((0.0, *QUANTILES, 1.0), (5.0,) * 11)
    assert [(one.low, one.high) for one in number_bins(edges, shares) if one.cell >= 0] == [(5, 5)]
    assert {one.cell for one in number_bins((), ())} == {-1, -3, -4, -5, -6}


def test_bins_of_scores_are_tenths_of_training() -> None:
    deciles = np.quantile(np.random.default_rng(2).beta(1, 8, 5000), np.arange(1, 10) / 10)
    bins = [one.bin for one in probability_bins(deciles.tolist()).bins if one.cell >= 0]
    assert bins[0] == 0 and bins[999] == 9
    assert bins[int(deciles[4] * 1000) - 1] == 4 and bins[int(deciles[4] * 1000)] == 5
    equal = [one.bin for one in probability_bins().bins if one.cell >= 0]
    assert equal == [place // 100 for place in range(1000)]


def test_cells_are_written_once_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    project = find_project(tmp_path)
    empty = Field("empty", "number", "features.a", None, None, nullable=True, nulls=1.0)
    bundle = bundle_of("binary")
    hidden = replace(bundle.fields[0], name="email", personal=True)
    bundle = replace(bundle, fields=(*bundle.fields, empty, hidden))
    with in_memory(tmp_path) as con:
        made = make_bins(con, "v1", bundle, NO_ROWS)
        write_bins(con, project, made)
        path = tmp_path / "data" / "monitoring" / "late-flights" / "bins" / "v1.parquet"
        before = path.stat().st_ino
        write_bins(con, project, made)
        assert path.stat().st_ino == before
        again = read_bins(con, project, "v1", bundle)
        columns = con.execute(f"describe from read_parquet('{path}')").fetchall()
        assert {row[0]: row[1] for row in columns} == dict(BINS)
        path.write_bytes(b"PAR1 broken")
        assert read_bins(con, project, "v1", bundle) is None
    assert again is not None and set(again.fields) == set(made.fields)
    assert "email" not in made.fields and any("email" in note for note in made.notes)
    for name, one in made.fields.items():
        assert set(again.fields[name].bins) == set(one.bins), name
        assert again.fields[name].low == one.low and again.fields[name].high == one.high
