"""Segments that stand out, and only those."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.monitoring.estimating.looked import holm, part_tests


def test_holm_as_in_a_worked_example() -> None:
    """In order: 0.005 of 4 tests, 0.01 of 3, 0.03 of 2, and 0.04, no less than the last."""
    found = holm(np.array([0.01, 0.04, np.nan, 0.03, 0.005]))
    assert found == pytest.approx([0.03, 0.06, np.nan, 0.06, 0.02], nan_ok=True)


def _parts(seed: int, off: float) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    expected = generator.uniform(5, 15, (30, 40))
    rate = np.where(np.arange(40) == 3, off, 1.0) * np.exp(generator.normal(0, 0.2, (30, 40)))
    return generator.poisson(expected * rate * np.exp(-0.02)).astype(float), expected


def test_none_stands_out_by_chance_in_about_95_of_100_periods() -> None:
    wrong = 0
    for seed in range(200):
        observed, expected = _parts(seed, 1.0)
        whole = observed.sum() / expected.sum()
        wrong += bool(np.nanmin(holm(part_tests(observed, expected, whole))) < 0.05)
    assert wrong / 200 <= 0.09


def test_the_one_that_is_off_stands_out() -> None:
    observed, expected = _parts(1, 1.6)
    corrected = holm(part_tests(observed, expected, observed.sum() / expected.sum()))
    assert np.flatnonzero(corrected < 0.05).tolist() == [3]


def test_parts_of_few_days_are_not_tested() -> None:
    observed, expected = _parts(1, 1.0)
    expected[4:, 0] = observed[4:, 0] = 0
    p = part_tests(observed, expected, 1.0)
    assert np.isnan(p[0])
    assert np.isfinite(p[1:]).all()
