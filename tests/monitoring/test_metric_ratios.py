"""Metrics that are quotients of sums, against scikit-learn on the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from tests.helpers.monitored import THRESHOLD, ask, count, one, random_rows

ROWS = pd.concat(
    [
        random_rows(3000, seed=1),
        random_rows(2000, seed=2, version="v2", arm="challenger"),
        random_rows(1000, seed=3, version="v2", arm="challenger").assign(shadow=True),
    ],
    ignore_index=True,
)
COUNTED = count(ROWS)
EXPECTED = {
    "coverage": lambda y, p, all_rows: len(y) / all_rows,
    "base_rate": lambda y, p, _: y.mean(),
    "brier": lambda y, p, _: metrics.brier_score_loss(y, p),
    "log_loss": lambda y, p, _: metrics.log_loss(y, p),
    "accuracy": lambda y, p, _: metrics.accuracy_score(y, p >= THRESHOLD),
    "recall": lambda y, p, _: metrics.recall_score(y, p >= THRESHOLD),
    "precision": lambda y, p, _: metrics.precision_score(y, p >= THRESHOLD),
    "observed_expected": lambda y, p, _: y.sum() / p.sum(),
}


def rows_of(version: str | None, shadow: bool = False, month: str = "2013-07") -> pd.DataFrame:
    """Give the rows that a value is of."""
    kept = ROWS[(ROWS.day.dt.strftime("%Y-%m") == month) & (ROWS.shadow == shadow)]
    return kept if version is None else kept[kept.version == version]


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize(
    ("version", "arm"),
    [("v1", "champion"), ("v2", "challenger"), ("v2", "shadow"), (None, None)],
)
def test_as_scikit_learn(name: str, version: str | None, arm: str | None) -> None:
    """Of each version and arm, of shadows, and of all that was answered."""
    of = rows_of(version, arm == "shadow")
    known = of[of.label.notna()]
    want = EXPECTED[name](known.label, known.score, len(of))
    told = ask(COUNTED, name)
    assert one(told, version=version, arm=arm) == pytest.approx(want, rel=1e-9)


def test_by_segment() -> None:
    """Sums are told of each part of a segment, too."""
    of = rows_of("v1")
    known = of[of.label.notna() & (of["segment:carrier"] == "UA")]
    told = one(ask(COUNTED, "brier"), of="segment:carrier", part="UA")
    assert told == pytest.approx(metrics.brier_score_loss(known.label, known.score))


def test_of_training() -> None:
    """The rows of training are one period of each version."""
    training = random_rows(900, seed=5, origin="training", arm=None)
    told = ask(count(pd.concat([ROWS, training])), "base_rate", training=True)
    assert list(told.version.unique()) == ["v1"]
    assert one(told, begin=None, arm=None) == pytest.approx(training.label.mean())


@pytest.mark.parametrize("name", EXPECTED)
def test_without_labels_there_is_no_value(name: str) -> None:
    """What needs labels is null without them, and coverage is zero."""
    told = ask(count(random_rows(30).assign(label=np.nan)), name)
    value = one(told, begin="2013-07-01")
    assert value == 0 if name == "coverage" else pd.isna(value)


def test_published_brier_score() -> None:
    """The examples of the article on the Brier score in Wikipedia: 0, 1, 0.09 and 0.49."""
    rows = random_rows(4).assign(day=pd.Timestamp("2013-07-01"))
    rows = rows.assign(score=[1.0, 1.0, 0.7, 0.3], label=[1.0, 0.0, 1.0, 1.0])
    told = ask(count(rows), "brier")
    assert one(told) == pytest.approx((0 + 1 + 0.09 + 0.49) / 4)
