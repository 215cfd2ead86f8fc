"""Champion against challenger: published sizes, and few false alarms however often one looks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.monitoring.estimating.arms import Compared, compare
from analysis.monitoring.estimating.daily import Daily
from analysis.monitoring.estimating.looks import (
    looked_factor,
    rows_still_needed,
    times_needed,
)
from tests.monitoring.daily_rows import Rows, daily, random_rows


def test_sizes_of_two_shares_and_two_means_as_published() -> None:
    """Chow, Shao and Wang (2008): 0.65 against 0.85 needs 70 each; 5 against 10, sd 10, 63."""
    shares = math.sqrt(0.65 * 0.35 + 0.85 * 0.15)
    assert math.ceil(times_needed(0.2, shares)) == 70
    assert math.ceil(times_needed(5, math.sqrt(2 * 10**2))) == 63


def test_rows_still_needed() -> None:
    error = math.sqrt((0.65 * 0.35 + 0.85 * 0.15) / 30)
    assert rows_still_needed(0.2, error, 30) == 40
    assert rows_still_needed(0.2, error / 10, 30) == 0
    assert rows_still_needed(0.0, error, 30) is None
    assert rows_still_needed(0.0, error, 30, least=0.2) == 40


def test_looking_every_day_for_years_is_wrong_in_less_than_5_of_100_cases() -> None:
    generator = np.random.default_rng(0)
    sums = generator.normal(size=(2000, 1500)).cumsum(axis=1)
    days = np.arange(1, 1501)
    bound = np.array([looked_factor(day) for day in days]) * np.sqrt(days)
    once = (np.abs(sums) > bound).any(axis=1).mean()
    often = (np.abs(sums) > 1.96 * np.sqrt(days)).any(axis=1).mean()

    assert once <= 0.05
    assert often > 0.3


def test_the_factor_is_that_of_robbins() -> None:
    """The boundary of Robbins (1970) with mixing variance 1/m: ((n+m) log((n+m)/(m a^2)))^.5."""
    m = 28 / (-2 * math.log(0.05) + math.log(-2 * math.log(0.05)) + 1)
    for n in (5, 28, 365):
        bound = math.sqrt((n + m) * math.log((n + m) / (m * 0.05**2)))
        assert looked_factor(n) * math.sqrt(n) == pytest.approx(bound)


def _better(rows: Rows, gain: float) -> Rows:
    """Score the same rows again, nearer to what came true."""
    return Rows(rows.day, rows.score + gain * (rows.label - rows.score), rows.label)


def _brier(found: tuple[Compared, ...]) -> Compared:
    return next(one for one in found if one.metric == "brier")


def test_a_better_challenger_is_seen() -> None:
    rows = random_rows(1)
    found = _brier(compare(daily(rows), daily(_better(rows, 0.1))))

    assert found.difference < 0
    assert found.high is not None
    assert found.high < 0
    assert found.better is not None
    assert found.better > 0.99
    assert found.needed == 0
    assert found.champion == pytest.approx(((rows.score - rows.label) ** 2).mean())


def test_the_same_model_is_no_better() -> None:
    rows = random_rows(1)
    found = _brier(compare(daily(rows), daily(rows)))

    assert found.difference == 0
    assert (found.low, found.high, found.needed) == (0, 0, None)
    assert found.better == pytest.approx(0.5, abs=0.01)


def test_false_alarms_over_weekly_looks_are_few() -> None:
    """Two arms of equal models, looked at each week for half a year: few are ever told apart."""
    alarms = 0
    for seed in range(60):
        arms = (daily(random_rows(2 * seed + arm, 182, 20, 0.0)) for arm in (0, 1))
        first, second = (replace(arm, scores=None) for arm in arms)
        for days in range(7, 183, 14):
            until = np.arange(182) < days
            found = _brier(compare(first.of_days(until), second.of_days(until)))
            assert found.low is not None
            assert found.high is not None
            if not found.low <= 0 <= found.high:
                alarms += 1
                break
    assert alarms / 60 <= 0.09


def test_few_days_have_a_difference_but_no_interval() -> None:
    rows = random_rows(1, days=3)
    found = _brier(compare(daily(rows), daily(_better(rows, 0.1))))

    assert found.difference < 0
    assert (found.low, found.high, found.better, found.needed) == (None,) * 4


def test_only_days_of_both_count() -> None:
    rows = random_rows(1, days=20)
    late = Rows(rows.day + 20, rows.score, rows.label)
    assert compare(daily(rows, days=40), daily(late)) == ()
    assert isinstance(daily(rows), Daily)
