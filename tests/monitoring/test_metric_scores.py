"""Metrics of scores in cells, against scikit-learn and a fit by scipy on the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from sklearn import metrics

from analysis.experiments.metrics import recalibration
from tests.helpers.monitored import THRESHOLD, ask, count, one, random_rows

TRAINING = random_rows(3000, seed=8, begin="2013-01-01", origin="training", arm=None)
ROWS = pd.concat(
    [
        random_rows(4000, seed=1, slope=0.7, offset=0.4),
        random_rows(3000, seed=2, slope=1.3, offset=-0.2, version="v2", arm="challenger"),
    ],
    ignore_index=True,
)
COUNTED = count(pd.concat([TRAINING, ROWS], ignore_index=True))
EACH = pytest.mark.parametrize(
    ("version", "arm"), [("v1", "champion"), ("v2", "challenger"), (None, None)]
)


def rows_of(version: str | None) -> pd.DataFrame:
    """Give the rows of July."""
    july = ROWS[ROWS.day.dt.month == 7]
    return july if version is None else july[july.version == version]


def known(version: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Give labels and scores of the rows of July that have a label."""
    of = rows_of(version)
    of = of[of.label.notna()]
    return of.label.to_numpy(), of.score.to_numpy()


@EACH
def test_auc_and_average_precision(version: str | None, arm: str | None) -> None:
    """They are those of scores to a thousandth, and so near to those of the rows as is stated."""
    label, score = known(version)
    rounded = np.floor(score * 1000 + 1e-9)
    found = one(ask(COUNTED, "auc"), version=version, arm=arm)
    assert found == pytest.approx(metrics.roc_auc_score(label, rounded))
    together = pd.DataFrame({"label": label, "cell": rounded}).groupby("cell").label
    pairs = (together.sum() * (together.count() - together.sum())).sum()
    bound = pairs / 2 / (label.sum() * (1 - label).sum())
    assert abs(found - metrics.roc_auc_score(label, score)) <= bound < 1e-3
    precision = one(ask(COUNTED, "average_precision"), version=version, arm=arm)
    assert precision == pytest.approx(metrics.average_precision_score(label, rounded))


def fitted(label: np.ndarray, score: np.ndarray, slope: bool) -> np.ndarray:
    """Fit a logistic regression on the logit by a general minimiser; the slope may be held at 1."""
    logit = np.log(score) - np.log1p(-score)

    def loss(free: np.ndarray) -> float:
        value = free[0] + (free[1] if slope else 1) * logit
        return float(np.sum(np.logaddexp(0, value) - label * value))

    return minimize(loss, [0.0, 1.0][: 1 + slope], method="BFGS", options={"gtol": 1e-6}).x


@EACH
def test_recalibration(version: str | None, arm: str | None) -> None:
    """Slope and intercept are those of a regression on the rows, but for rounding."""
    label, score = known(version)
    slope = one(ask(COUNTED, "calibration_slope"), version=version, arm=arm)
    assert slope == pytest.approx(fitted(label, score, True)[1], abs=2e-3)
    intercept = one(ask(COUNTED, "calibration_intercept"), version=version, arm=arm)
    assert intercept == pytest.approx(fitted(label, score, False)[0], abs=1e-4)


def test_recalibration_is_that_of_runs() -> None:
    """Of scores that are the means of their cells it is what runs of experiments tell."""
    rows = random_rows(2000, slope=0.8, offset=0.3).assign(day=pd.Timestamp("2013-07-01"))
    rows["score"] = rows.score.round(3).clip(0.001, 0.999)
    counted, rows = count(rows), rows[rows.label.notna()]
    at, label = recalibration.logit(rows.score.to_numpy()), rows.label.to_numpy()
    slope = one(ask(counted, "calibration_slope"))
    assert slope == pytest.approx(float(recalibration.slope(at, label, 1 - label)), rel=1e-6)
    intercept = one(ask(counted, "calibration_intercept"))
    want = float(recalibration.intercept(at, label, 1 - label))
    assert intercept == pytest.approx(want, rel=1e-6)


def test_recalibration_of_a_known_truth() -> None:
    """Odds that are squared have a slope of 2; odds that are e times as large an intercept of 1."""
    score = np.repeat([0.2, 0.4, 0.6, 0.8], 10_000)
    logit = np.log(score / (1 - score))
    for name, true in (("calibration_slope", 2 * logit), ("calibration_intercept", logit + 1)):
        share = 1 / (1 + np.exp(-true))
        # As many of each ten thousand as the truth says, to a row.
        label = (np.tile(np.arange(10_000), 4) < np.round(share * 10_000)).astype(float)
        rows = pd.DataFrame({"version": "v1", "arm": "champion", "shadow": False, "label": label})
        rows = rows.assign(origin="production", day=pd.Timestamp("2013-07-01"), score=score)
        told = one(ask(count(rows), name))
        assert told == pytest.approx(2 if name.endswith("slope") else 1, abs=1e-3)


def test_calibration_curve() -> None:
    """Observed and expected of each tenth of the training scores."""
    label, score = known("v1")
    own = COUNTED.bins[(COUNTED.bins.field == "@score") & (COUNTED.bins.version == "v1")]
    places = own.set_index("cell").bin.astype(int).loc[np.floor(score * 1000 + 1e-9)].to_numpy()
    observed, expected = ask(COUNTED, "calibration_observed"), ask(COUNTED, "calibration_expected")
    assert set(observed.part) == {str(place) for place in range(10)}
    for place in range(10):
        here = places == place
        told = one(observed, of="@score", part=str(place))
        assert told == pytest.approx(label[here].mean())
        assert one(expected, of="@score", part=str(place)) == pytest.approx(score[here].mean())


def estimated(score: np.ndarray) -> dict[str, float]:
    """Give what is expected of calibrated scores, row by row."""
    flagged = score >= THRESHOLD
    order = np.sort(score)
    above = np.cumsum(order[::-1])[::-1] - order
    pairs = float(((1 - order) * above).sum())
    ties = float((order * (1 - order)).sum())
    return {
        "base_rate": score.mean(),
        "accuracy": np.where(flagged, score, 1 - score).mean(),
        "recall": score[flagged].sum() / score.sum(),
        "precision": score[flagged].mean(),
        "brier": (score * (1 - score)).mean(),
        "log_loss": -(score * np.log(score) + (1 - score) * np.log1p(-score)).mean(),
        "auc": (pairs + ties / 2) / (score.sum() * (1 - score).sum()),
    }


@EACH
def test_estimates(version: str | None, arm: str | None) -> None:
    """They are of all rows, labelled or not, and need the scores alone."""
    score = rows_of(version).score.to_numpy()
    for name, want in estimated(score).items():
        told = one(ask(COUNTED, f"estimated_{name}"), version=version, arm=arm)
        assert told == pytest.approx(want, abs=1e-4), name


def test_estimates_come_true_of_calibrated_scores() -> None:
    """The identity of CBPE: with labels that are drawn as scores say, both are the same."""
    rng = np.random.default_rng(5)
    rows = random_rows(200_000, seed=6, days=30)[
        ["version", "arm", "shadow", "origin", "day", "score"]
    ]
    counted = count(rows.assign(label=(rng.random(len(rows)) < rows.score).astype(float)))
    for name in estimated(np.array([0.5])):
        want = one(ask(counted, name))
        assert one(ask(counted, f"estimated_{name}")) == pytest.approx(want, abs=6e-3), name


def test_rows_without_a_score_are_in_no_order() -> None:
    """They are not those of the lowest score; if no row has one, nothing is ordered."""
    july = rows_of("v1").assign(score=lambda rows: rows.score.where(rows.index % 3 > 0))
    there = july[july.label.notna() & july.score.notna()]
    rounded = np.floor(there.score * 1000 + 1e-9)
    counted = count(pd.concat([TRAINING, july], ignore_index=True))
    for metric, score in (
        ("auc", metrics.roc_auc_score),
        ("average_precision", metrics.average_precision_score),
    ):
        found = one(ask(counted, metric), version="v1", arm="champion")
        assert found == pytest.approx(score(there.label, rounded)), metric
        nothing = count(pd.concat([TRAINING, july.assign(score=np.nan)], ignore_index=True))
        assert pd.isna(one(ask(nothing, metric), version="v1", arm="champion")), metric
