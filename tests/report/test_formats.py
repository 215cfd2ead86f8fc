"""Numbers as prose writes them."""

from __future__ import annotations

import datetime
import math

import pandas as pd
import pytest

from analysis import date, interval, number, percent, points

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (1234567, 0, "1,234,567"),
        (-1234.56, 1, f"{MINUS}1,234.6"),
        (-0.04, 1, "0.0"),
        (999.96, 1, "1,000.0"),
        (pd.Series([7], dtype="Int64").iloc[0], 0, "7"),
    ],
)
def test_a_number_has_separators_and_a_proper_minus(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text


def test_a_sign_is_shown_on_request_but_not_on_zero() -> None:
    assert number(3, sign=True) == "+3"
    assert number(-3, sign=True) == f"{MINUS}3"
    assert number(0, sign=True) == "0"


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
def test_what_is_missing_is_a_dash(missing: object) -> None:
    assert {number(missing), percent(missing), points(missing), date(missing)} == {DASH}
    assert interval(missing, 0.5) == DASH


def test_shares_are_percentages_and_their_differences_points() -> None:
    assert percent(0.23715) == "23.7%"
    assert percent(1, 0) == "100%"
    assert points(-0.0125) == f"{MINUS}1.2"
    assert points(0.03, 0) == "+3"


def test_an_interval_writes_both_ends_the_same_way() -> None:
    assert interval(0.1, 0.25) == "10.0% to 25.0%"
    assert interval(-0.1, 0.25, points) == f"{MINUS}10.0 to +25.0"


@pytest.mark.parametrize(
    "value", [datetime.date(2013, 3, 8), pd.Timestamp("2013-03-08 17:00"), "2013-03-08"]
)
def test_a_date_is_written_in_full(value: object) -> None:
    assert date(value) == "8 March 2013"
