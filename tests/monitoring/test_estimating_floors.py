"""Drift as scipy has it; floors that few periods without a change are above."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, wasserstein_distance

from analysis.monitoring.estimating.consequences import consequence, importance_shares
from analysis.monitoring.estimating.drifts import DRIFTS, psi, wasserstein
from analysis.monitoring.estimating.floors import noise_floor, runs_of_days


@pytest.mark.parametrize("seed", range(5))
def test_drifts_are_those_of_scipy(seed: int) -> None:
    generator = np.random.default_rng(seed)
    counts, reference = generator.integers(1, 90, (2, 8)).astype(float)
    p, q = counts / counts.sum(), reference / reference.sum()
    found = {name: float(drift(counts, reference)) for name, drift in DRIFTS.items()}

    assert found == pytest.approx(
        {
            "psi": sum((a - b) * np.log(a / b) for a, b in zip(p, q, strict=True)),
            "jensen_shannon": jensenshannon(p, q, base=2),
            "linf": np.abs(p - q).max(),
            "chi2": np.sqrt(chi2_contingency([p, q], correction=False).statistic / 2),
        }
    )
    at, other = generator.normal(size=(2, 8))
    assert wasserstein(counts, at, reference, other) == pytest.approx(
        wasserstein_distance(at, other, p, q)
    )


def test_psi_of_a_worked_example() -> None:
    """Ten bins of equal mass, of which one lost half to another: (0.05 ln 2 + 0.05 ln 1.5)."""
    counts = np.array([5.0, 15, *[10] * 8])
    assert psi(counts, np.full(10, 10.0)) == pytest.approx(0.05 * np.log(2) + 0.05 * np.log(1.5))


def test_an_empty_bin_is_finite() -> None:
    assert 0 < psi(np.array([10.0, 0]), np.array([5.0, 5])) < 10


def test_runs_of_days_are_neighbours() -> None:
    reference = np.eye(8)
    taken = runs_of_days(reference, 3)

    assert taken.shape == (8, 8)
    assert {tuple(np.flatnonzero(run)) for run in taken} >= {(0, 1, 2), (5, 6, 7), (0, 6, 7)}
    assert (runs_of_days(reference, 100).sum(axis=1) == 4).all()
    assert not len(runs_of_days(reference[:4], 1))


def _days(generator: np.random.Generator, days: int, each: int, moving: float) -> np.ndarray:
    """Draw rows of ten bins whose chances move from day to day, each day like the one before."""
    at = np.zeros(10)
    found = []
    for _ in range(days):
        at = 0.8 * at + generator.normal(0, moving, 10)
        found.append(generator.multinomial(each, np.exp(at) / np.exp(at).sum()))
    return np.array(found, float)


@pytest.mark.parametrize("moving", [0.0, 0.3])
def test_about_one_period_of_twenty_is_above_the_floor(moving: float) -> None:
    above = 0
    for seed in range(200):
        days = _days(np.random.default_rng(seed), 180, 50, moving)
        reference, period = days[:150], days[150:]
        floor = noise_floor(psi, reference, 30, 1500)
        assert floor is not None
        above += float(psi(period.sum(0), reference.sum(0))) > floor
    assert above / 200 <= 0.12


def test_fewer_rows_have_a_higher_floor_and_a_season_a_higher_one_still() -> None:
    generator = np.random.default_rng(0)
    steady = _days(generator, 180, 200, 0.0)
    many, few = (noise_floor(psi, steady, 30, rows) for rows in (6000, 200))
    turning = np.array(
        [generator.multinomial(200, _season(day)) for day in range(180)], dtype=float
    )
    season = noise_floor(psi, turning, 30, 6000)

    assert many is not None
    assert few is not None
    assert season is not None
    assert many < 0.02 < few
    # Expected of multinomial noise: (bins - 1)(1/n + 1/m).
    assert few == pytest.approx(9 / 200 * 1.9, rel=0.35)
    assert season > 0.3


def _season(day: int) -> np.ndarray:
    at = np.exp(-(((np.arange(10) - day / 20) / 2) ** 2))
    return np.asarray(at / at.sum())


def test_without_a_reference_there_is_no_floor() -> None:
    assert noise_floor(psi, np.ones((3, 4)), 30, 100) is None
    assert noise_floor(psi, np.ones((30, 4)), 30, 0) is None


def test_only_drift_beyond_chance_of_what_the_model_uses_has_consequences() -> None:
    shares = importance_shares({"carrier": 0.03, "temp": 0.01, "distance": -0.2})

    assert shares == pytest.approx({"carrier": 0.75, "temp": 0.25, "distance": 0})
    assert consequence(0.5, 0.1, shares["carrier"]) == pytest.approx(0.3)
    assert consequence(1.0, 1.2, shares["temp"]) == 0
    assert importance_shares({"a": -1.0}) == {}
