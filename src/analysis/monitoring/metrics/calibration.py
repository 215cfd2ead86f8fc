"""The metrics of how probabilities agree with what came true."""

from __future__ import annotations

from analysis.monitoring.metrics.metric import BINARY, Metric
from analysis.monitoring.metrics.ratios import ratio

CALIBRATION = (
    Metric(
        "observed_expected",
        "Observed / expected",
        "positive rows, divided by the sum of their probabilities",
        "ratio",
        "one",
        "Van Calster et al. 2019, BMC Medicine 17:230, p. 2 (mean calibration)",
        None,
        "calibration",
        BINARY,
        ratio("observed_expected"),
        labelled=True,
    ),
)
