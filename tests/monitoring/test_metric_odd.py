"""Every metric of odd rows: its value is null where there is none, and nothing fails."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.metrics.registry import METRICS
from tests.helpers.monitored import MODEL, Counted, ask, count, one, random_rows

TRAINING = random_rows(300, seed=2, begin="2013-01-01", days=150, origin="training", arm=None)
ROWS = random_rows(60, seed=4, days=20)
KEY = ["version", "arm", "begin", "of", "part"]
Change = Callable[[pd.DataFrame], pd.DataFrame]
ODD: dict[str, Change] = {
    "none": lambda rows: rows.iloc[:0],
    "one row": lambda rows: rows.iloc[:1],
    "one row without a label": lambda rows: rows.iloc[:1].assign(label=np.nan),
    "only positive": lambda rows: rows.assign(label=1.0),
    "only negative": lambda rows: rows.assign(label=0.0),
    "no labels": lambda rows: rows.assign(label=np.nan),
    "all null": lambda rows: rows.assign(wind=np.nan, carrier=None),
    "constant": lambda rows: rows.assign(wind=3.0, carrier="AA", score=0.4, holiday=False),
    "certain": lambda rows: rows.assign(score=np.where(np.arange(len(rows)) % 2, 1.0, 0.0)),
    "certain and right": lambda rows: rows.assign(score=rows.label.fillna(0)),
    "no scores": lambda rows: rows.assign(score=0.0),
    "no arm": lambda rows: rows.assign(arm=None),
    "shadows": lambda rows: rows.assign(shadow=True),
}


def infinite(counted: Counted) -> Counted:
    """Let sums be infinite, as those of infinite values are."""
    columns = ["value", "score", "expected", "brier", "log_loss", "absolute", "squared"]
    cells = counted.cells.copy()
    cells.loc[cells.origin == "production", columns] = np.inf
    cells.loc[(cells.origin == "production") & (cells.cell == 0), columns] = -np.inf
    return Counted(cells, counted.bins)


@pytest.fixture(scope="module", params=[*ODD, "infinite", "no bins"])
def odd(request: pytest.FixtureRequest) -> Counted:
    """Give counts of odd rows."""
    change = ODD.get(request.param, lambda rows: rows)
    rows = change(ROWS)
    counted = count(pd.concat([TRAINING, rows], ignore_index=True))
    if request.param == "no bins":
        return Counted(counted.cells, counted.bins.iloc[:0])
    return infinite(counted) if request.param == "infinite" else counted


@pytest.mark.parametrize("reference", ["training", "previous", "season"])
def test_no_metric_fails(odd: Counted, reference: str) -> None:
    """Each has a value that is finite, or none."""
    monitor = Monitor(MODEL, reference=reference)  # type: ignore[arg-type]
    # The others are told of no reference.
    metrics = [m for m in METRICS if m.group == "drift" or reference == "training"]
    for metric in metrics:
        for training in (False, True):
            told = ask(odd, metric, monitor, training)
            assert list(told) == [*KEY, "value", "rows", "labelled"]
            value = told.value.dropna()
            assert np.isfinite(value.astype(float)).all(), metric.name
            assert not told.duplicated(KEY).any(), metric.name


UNDEFINED = {
    "only positive": ("auc", "calibration_slope", "calibration_intercept"),
    "only negative": ("auc", "average_precision", "recall", "calibration_slope"),
    "one row": ("auc", "calibration_slope"),
    "one row without a label": ("brier", "accuracy", "auc", "observed_expected", "base_rate"),
    "no labels": ("brier", "recall", "precision", "calibration_intercept"),
    "constant": ("calibration_slope",),
    "no scores": ("precision", "observed_expected", "estimated_recall", "estimated_auc"),
    "certain and right": ("calibration_slope",),
}


@pytest.mark.parametrize(("name", "metrics"), UNDEFINED.items())
def test_what_is_not_defined_is_null(name: str, metrics: tuple[str, ...]) -> None:
    """The row is there, and says how many rows there were."""
    rows = ODD[name](ROWS)
    counted = count(pd.concat([TRAINING, rows], ignore_index=True))
    for metric in metrics:
        told = ask(counted, metric)
        assert pd.isna(one(told)), metric
        assert told.rows.iloc[0] == len(rows), metric


def test_what_is_defined_of_odd_rows() -> None:
    """Scores that are all the same put no pair in order, and one class has a Brier score."""
    same = count(ROWS.assign(score=0.4))
    assert one(ask(same, "auc")) == 0.5
    assert one(ask(same, "estimated_auc")) == pytest.approx(0.5)
    positive = count(ROWS.assign(label=1.0))
    want = ((1 - ROWS.score) ** 2).mean()
    assert one(ask(positive, "brier")) == pytest.approx(want)
    assert one(ask(positive, "average_precision")) == 1
    assert one(ask(count(ROWS.assign(score=0.0)), "estimated_log_loss")) == 0


def test_days_add_up() -> None:
    """Cells of days give what the same rows give as those of one big day."""
    rows = pd.concat([TRAINING, random_rows(400, seed=6, days=31)], ignore_index=True)
    first = pd.Timestamp("2013-07-01")
    # Requests are of one day, so that they are counted the same.
    rows = rows.assign(request=np.arange(len(rows)))
    together = rows.assign(day=rows.day.where(rows.origin == "training", first))
    by_day, at_once = count(rows), count(together)
    assert len(by_day.cells) > len(at_once.cells)
    for metric in METRICS:
        told, want = ask(by_day, metric), ask(at_once, metric)
        pd.testing.assert_frame_equal(told, want, rtol=1e-9, check_dtype=False, obj=metric.name)
