"""The metrics that are estimated without labels."""

from __future__ import annotations

from analysis.experiments.runs.record import Best
from analysis.monitoring.metrics.metric import BINARY, Metric
from analysis.monitoring.metrics.unlabelled import estimate

_SOURCE = (
    "Białek et al. 2024, Estimating Model Performance Under Covariate Shift Without Labels, "
    "section 3 (CBPE)"
)
_ROUNDED = "scores to the means of thousandths; rows in the one of the threshold are on one side"
# Which metric, what it is called, its unit, and where it is best.
_NAMES: tuple[tuple[str, str, str, Best | None], ...] = (
    ("base_rate", "base rate", "share", None),
    ("accuracy", "accuracy", "share", "high"),
    ("auc", "AUC", "share", "high"),
    ("brier", "Brier score", "", "low"),
    ("log_loss", "log loss", "nats", "low"),
    ("recall", "recall", "share", "high"),
    ("precision", "precision", "share", "high"),
)

ESTIMATED = tuple(
    Metric(
        f"estimated_{name}",
        f"Estimated {told}",
        f"{told} that is to be expected if scores are calibrated, of all rows",
        unit,
        better,
        _SOURCE,
        None if name == "base_rate" else _ROUNDED,
        "without labels",
        BINARY,
        estimate(name),
    )
    for name, told, unit, better in _NAMES
)
