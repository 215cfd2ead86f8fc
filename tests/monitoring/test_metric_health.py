"""What the log tells of itself, and errors of numbers, against numpy on the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from analysis.warehouse import monitored
from tests.helpers.monitored import Counted, ask, count, one, random_rows

TRAINING = random_rows(800, seed=2, begin="2013-01-01", days=150, origin="training", arm=None)
ROWS = pd.concat(
    [
        random_rows(700, seed=4, shift=3).replace({"carrier": {"UA": "WN"}}),
        random_rows(500, seed=5, version="v2", arm="challenger").assign(request=lambda r: -r.index),
    ],
    ignore_index=True,
)
REFUSED = pd.DataFrame(
    {
        "version": ["v1", "v1", "v1", None],
        "arm": ["champion", "champion", "champion", None],
        "text": ["missing", "missing", "type", "type"],
        "origin": "production",
        "shadow": False,
        "day": pd.Timestamp("2013-07-03"),
    }
)
COUNTED = count(pd.concat([TRAINING, ROWS], ignore_index=True), REFUSED)
JULY = ROWS[ROWS.day.dt.month == 7]
EACH = pytest.mark.parametrize(("version", "arm"), [("v1", "champion"), (None, None)])


def july(version: str | None) -> pd.DataFrame:
    """Give the rows of July."""
    return JULY if version is None else JULY[JULY.version == version]


def requests(rows: pd.DataFrame) -> pd.DataFrame:
    """Give a row for each request, of a version, on a day."""
    return rows.drop_duplicates(["version", "day", "request"])


@EACH
def test_volume_and_errors(version: str | None, arm: str | None) -> None:
    """One refused request told no version: it counts among all of them only."""
    rows, refused = july(version), 3 if version else 4
    asked = len(requests(rows)) + refused
    assert one(ask(COUNTED, "rows"), version=version, arm=arm) == len(rows)
    assert one(ask(COUNTED, "requests"), version=version, arm=arm) == asked
    assert one(ask(COUNTED, "error_rate"), version=version, arm=arm) == refused / asked
    errors = ask(COUNTED, "errors")
    assert one(errors, version=version, arm=arm, part="missing") == 2
    assert one(errors, version=version, arm=arm, part="type") == refused - 2


def test_a_period_with_nothing_but_errors() -> None:
    """All requests were refused: there is no row, and a rate of 1."""
    counted = count(random_rows(9, origin="training"), REFUSED)
    assert one(ask(counted, "error_rate")) == 1
    assert one(ask(counted, "requests")) == 3
    assert not len(ask(counted, "rows"))


@EACH
@pytest.mark.parametrize("percent", [50, 95, 99])
def test_latency(version: str | None, arm: str | None, percent: int) -> None:
    """It is the upper edge of a cell, so it is above the row's by a twentieth of a ten at most."""
    latency = requests(july(version)).latency_ms
    want = np.quantile(latency, percent / 100, method="inverted_cdf")
    told = one(ask(COUNTED, f"latency_p{percent}"), version=version, arm=arm)
    assert want <= told <= want * 10 ** (1 / 20) * (1 + 1e-9)


def test_shares_of_special_values() -> None:
    """Missing and unseen values, and those beyond the range of training."""
    rows = july("v1")
    assert one(ask(COUNTED, "nulls"), of="wind") == pytest.approx(rows.wind.isna().mean())
    assert one(ask(COUNTED, "nulls"), of="carrier") == pytest.approx(rows.carrier.isna().mean())
    unseen = ask(COUNTED, "unseen")
    assert set(unseen.of) == {"carrier"}
    assert one(unseen, of="carrier") == pytest.approx((rows.carrier == "WN").mean())
    outside = ask(COUNTED, "out_of_range")
    assert set(outside.of) == {"wind"}
    known = TRAINING.wind
    beyond = (rows.wind < known.min()) | (rows.wind > known.max())
    assert one(outside, of="wind") == pytest.approx(beyond.mean()) != 0


def test_a_field_that_is_gone_or_of_another_type() -> None:
    """Shares of rows that do not have it, and of values that are none of its type."""
    cells = COUNTED.cells.copy()
    place = (cells.field == "wind") & (cells.origin == "production") & (cells.version == "v1")
    days = pd.to_datetime(cells.day)
    cells.loc[place & (days == "2013-07-01"), "cell"] = monitored.ABSENT
    cells.loc[place & (days == "2013-07-02"), "cell"] = monitored.MISTYPED
    counted, rows = Counted(cells, COUNTED.bins), july("v1")
    for name, day in (("absent", "2013-07-01"), ("mistyped", "2013-07-02")):
        told = ask(counted, name)
        assert one(told, of="wind") == pytest.approx((rows.day == day).mean()) != 0
        assert one(told, of="carrier") == 0


def test_errors_of_numbers() -> None:
    """Of a regression, as scikit-learn has them; bias is what was predicted too much."""
    rows = random_rows(500, seed=9).assign(day=pd.Timestamp("2013-07-01"))
    rng = np.random.default_rng(3)
    rows = rows.assign(score=rng.normal(0, 30, 500), label=rng.normal(5, 30, 500))
    rows.loc[::7, "label"] = np.nan
    counted, known = count(rows.drop(columns="latency_ms")), rows.dropna(subset="label")
    told = {name: one(ask(counted, name)) for name in ("mae", "rmse", "bias")}
    assert told == pytest.approx(
        {
            "mae": metrics.mean_absolute_error(known.label, known.score),
            "rmse": metrics.root_mean_squared_error(known.label, known.score),
            "bias": (known.score - known.label).mean(),
        }
    )
