"""Why a value is not defined, in a few words."""

from __future__ import annotations

from collections.abc import Container

from analysis.monitoring.measuring.asked import Asked

_CLASSES = ("auc", "average_precision", "recall", "calibration_slope", "calibration_intercept")


def undefined(row: Asked, of_labels: Container[str]) -> str | None:
    """Say why the value of ``row`` is missing; ``None`` if it is not."""
    if row.value is not None:
        return None
    if not row.rows:
        return "no rows"
    if row.metric in of_labels and not row.labelled:
        return "no labels yet"
    if row.metric in _CLASSES:
        return "what came true is one class only"
    if row.metric == "precision":
        return "no row was flagged"
    return "not defined for these rows"


def gone(version: str | None, known: Container[str]) -> str | None:
    """Say that a version is not in the registry any more."""
    if version is None or version in known:
        return None
    return f"version {version} is no longer in the registry"
