"""One line on how a model does, for those who rely on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analysis.monitoring.measuring.status import status
from analysis.monitoring.stored.record import Measurement


@dataclass(frozen=True)
class _Alert:
    severity: str
    state: str
    what: str
    acknowledged_by: str | None = None
    why: str | None = None


def _one(metric: str, value: float, month: int = 8, **told: float) -> Measurement:
    ends = {"low": None, "high": None, "reference": None, **told}
    return Measurement(
        "late-flights",
        *(None, None, f"2013-{month:02}", date(2013, month, 1), date(2013, month + 1, 1)),
        *(metric, "", "", value),
        *(ends["low"], ends["high"], ends["reference"], None),
        *(1000, 830, None),
    )


_COVERED = [_one("rows", 1000), _one("coverage", 0.83)]
_FINE = [
    *_COVERED,
    _one("observed_expected", 0.98, low=0.9, high=1.05),
    _one("auc", 0.74, low=0.7, high=0.78, reference=0.75),
]


def test_healthy_says_what_it_was_judged_by() -> None:
    found = status(_FINE, [])
    assert found.state == "healthy"
    assert found.reason == (
        "In 2013-08 (labels cover 83 %) 98 came true for each 100 expected, "
        "AUC was 0.74 (0.75 in training). Nothing to do."
    )


def test_calibration_that_is_off_is_watched() -> None:
    off = _one("observed_expected", 0.62, low=0.55, high=0.7)
    found = status([*_COVERED, off], [])
    assert found.state == "watch"
    assert "62 came true for each 100 expected: less than predicted" in found.reason
    assert "train again" in found.reason


def test_worse_than_training_is_watched() -> None:
    found = status([*_COVERED, _one("auc", 0.6, low=0.55, high=0.65, reference=0.75)], [])
    assert found.state == "watch"
    assert "AUC was 0.6, worse than 0.75 in training" in found.reason
    worse = _one("rmse", 9, low=8, high=10, reference=5)
    assert status([*_COVERED, worse], []).state == "watch"


def test_a_small_but_sure_miscalibration_is_no_matter() -> None:
    near = _one("observed_expected", 1.04, low=1.02, high=1.06)
    assert status([*_COVERED, near], []).state == "healthy"


def test_the_worst_open_alert_decides() -> None:
    alerts = [
        _Alert("act", "closed", "old"),
        _Alert("watch", "open", "inputs drift"),
        _Alert("act", "open", "calibration is off in 2013-09"),
    ]
    found = status(_FINE, alerts)
    assert found.state == "act"
    assert found.reason == "Calibration is off in 2013-09. And 1 more."
    assert status(_FINE, alerts[:1]).state == "healthy"
    assert status(_FINE, alerts[:2]).state == "watch"


def test_an_acknowledged_alert_is_known() -> None:
    found = status(_FINE, [_Alert("act", "acknowledged", "it is off")])
    assert found.reason == "It is off. It is known."
    told = _Alert("act", "acknowledged", "it is off", "Ann", "a strike.")
    assert status(_FINE, [told]).reason == "It is off. Ann knows of it: a strike."


def test_without_labels_nobody_knows() -> None:
    assert "No labels yet" in status([_one("rows", 1000)], []).reason
    assert "No predictions yet" in status([], []).reason


def test_the_last_period_with_labels_counts() -> None:
    newer = [_one("rows", 50, month=9)]
    off = _one("observed_expected", 0.5, month=7, low=0.4, high=0.6)
    assert status([*_FINE, *newer, off, _one("coverage", 1, month=7)], []).state == "healthy"
