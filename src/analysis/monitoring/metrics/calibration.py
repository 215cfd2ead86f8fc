"""The metrics of how probabilities agree with what came true."""

from __future__ import annotations

from collections.abc import Callable

from analysis.experiments.runs.record import Best
from analysis.monitoring.metrics import recalibrated
from analysis.monitoring.metrics.curve import curve
from analysis.monitoring.metrics.metric import BINARY, Metric
from analysis.monitoring.metrics.ratios import ratio
from analysis.monitoring.metrics.scope import Scope

_MEANS = "scores to the means of thousandths"
_BINS = "Bröcker & Smith 2007, Weather and Forecasting 22(3), pp. 651-661 (reliability diagram)"
_COX = "Cox 1958, Biometrika 45(3/4), pp. 562-565"
_VAN_CALSTER = "Van Calster et al. 2019, BMC Medicine 17:230, p. 2"


def _metric(
    name: str,
    title: str,
    what: str,
    unit: str,
    better: Best | None,
    source: str,
    query: Callable[[Scope], str],
    rounded: str | None = None,
    whole: bool = True,
) -> Metric:
    told = (name, title, what, unit, better, source, rounded, "calibration", BINARY, query)
    return Metric(*told, whole=whole, labelled=True)  # type: ignore[arg-type]


CALIBRATION = (
    _metric(
        "observed_expected",
        "Observed / expected",
        "positive rows, divided by the sum of their probabilities",
        "ratio",
        "one",
        f"{_VAN_CALSTER} (mean calibration)",
        ratio("observed_expected"),
    ),
    _metric(
        "calibration_slope",
        "Calibration slope",
        "slope of a logistic regression of what came true on the logit of the score",
        "",
        "one",
        _COX,
        recalibrated.slope,
        _MEANS,
    ),
    _metric(
        "calibration_intercept",
        "Calibration intercept",
        "intercept of a logistic regression on the logit of the score, the slope held at 1",
        "logit",
        "zero",
        f"{_COX}; {_VAN_CALSTER} (calibration in the large)",
        recalibrated.intercept,
        _MEANS,
    ),
    _metric(
        "calibration_observed",
        "Calibration curve, observed",
        "positive rows, of those with a label, by bin of the score",
        "share",
        None,
        _BINS,
        curve("label"),
        whole=False,
    ),
    _metric(
        "calibration_expected",
        "Calibration curve, expected",
        "mean score of rows with a label, by bin of the score",
        "share",
        None,
        _BINS,
        curve("expected"),
        whole=False,
    ),
)
