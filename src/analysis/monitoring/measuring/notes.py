"""Why a value is not defined, in a few words."""

from __future__ import annotations

from collections.abc import Container

from analysis.monitoring.measuring.asked import Asked
from analysis.monitoring.metrics.drifting import DRIFT

_ONE_CLASS = "what came true is one class only"
_NOTHING_TO_COMPARE = "there are no rows to compare, now or in the reference"
_WHY = {
    "auc": f"{_ONE_CLASS}, or there are no scores",
    "calibration_intercept": f"{_ONE_CLASS}, or there are no scores",
    "calibration_slope": f"{_ONE_CLASS}, or scores are all alike or part the classes wholly",
    "average_precision": "no row with a score came true",
    "recall": "no row came true",
    "precision": "no row with a label was flagged",
    **dict.fromkeys((metric.name for metric in DRIFT), _NOTHING_TO_COMPARE),
}


def undefined(row: Asked, of_labels: Container[str]) -> str | None:
    """Say why the value of ``row`` is missing; ``None`` if it is not."""
    if row.value is not None:
        return None
    if not row.rows:
        return "no rows"
    if row.metric in of_labels and not row.labelled:
        return "no labels yet"
    return _WHY.get(row.metric, "not defined for these rows")


def gone(version: str | None, known: Container[str]) -> str | None:
    """Say that a version is not in the registry any more."""
    if version is None or version in known:
        return None
    return f"version {version} is no longer in the registry"
