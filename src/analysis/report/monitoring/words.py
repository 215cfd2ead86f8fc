"""How metrics, numbers and states of models in production are written for a reader."""

from __future__ import annotations

import math
from typing import Final

from analysis.monitoring.stored.record import ESTIMATED, Measurement
from analysis.report.data.layout import badge
from analysis.report.experiments.words import metric_label as label_of_run
from analysis.report.formats import MISSING, number, percent
from analysis.report.html import Html, join, tag
from analysis.report.palette import CATEGORIES, WARM

SCORE, SEGMENT = "@score", "segment:"
_LABELS = {
    "absent": "Absent",
    "base_rate": "Share of positives",
    "calibration_intercept": "Calibration intercept",
    "calibration_slope": "Calibration slope",
    "chi2": "χ² (Cramér's V)",
    "consequence": "Consequence",
    "coverage": "Labels cover",
    "error_rate": "Requests refused",
    "jensen_shannon": "Jensen-Shannon",
    "latency_p50": "Latency, half below",
    "latency_p95": "Latency, 95 of 100 below",
    "latency_p99": "Latency, 99 of 100 below",
    "linf": "L∞",
    "mistyped": "Of another type",
    "nulls": "Missing values",
    "out_of_range": "Out of range",
    "psi": "PSI",
    "rows": "Predictions",
    "unseen": "Unseen categories",
}
_SHARES = frozenset(
    {"absent", "accuracy", "base_rate", "coverage", "error_rate", "mistyped", "nulls"}
    | {"out_of_range", "precision", "recall", "unseen"}
)
_COUNTS = frozenset({"ab_needed", "errors", "requests", "rows"})
# Where a metric is best: high, low, at one or at zero. Others are neither good nor bad.
BEST: Final = {
    **dict.fromkeys(("accuracy", "auc", "average_precision", "precision", "recall"), "high"),
    **dict.fromkeys(("brier", "log_loss", "mae", "rmse"), "low"),
    **dict.fromkeys(("observed_expected", "calibration_slope"), "one"),
    **dict.fromkeys(("bias", "calibration_intercept"), "zero"),
}
# By task, what is told of a model first: how well it tells apart, and whether it is right on the
# whole.
HEADLINES: Final = {
    "binary": ("auc", "observed_expected"),
    "multiclass": ("accuracy", "log_loss"),
    "regression": ("mae", "bias"),
}
PERFORMANCE: Final = (
    *("auc", "average_precision", "accuracy", "recall", "precision", "brier", "log_loss"),
    *("mae", "rmse", "bias", "base_rate"),
)


def metric_label(metric: str) -> str:
    """Write the name of a metric, in front of a number."""
    if metric.startswith(ESTIMATED):
        return f"{metric_label(metric.removeprefix(ESTIMATED))}, estimated"
    return _LABELS.get(metric) or label_of_run(metric)


def of_label(of: str, part: str = "") -> str:
    """Write of which field or segment a number is: ``size: 10 to 20``, ``the score``."""
    if of == SCORE:
        return "the score"
    plain = of.removeprefix(SEGMENT)
    return f"{plain}: {part}" if part else plain


def written(metric: str, value: float | None, *, sign: bool = False) -> str:
    """Write a value of a metric with as many digits as are worth reading."""
    if value is None or not math.isfinite(value):
        return MISSING
    plain = metric.removeprefix(ESTIMATED)
    if plain in _SHARES:
        return percent(value, 1 if abs(value) >= 0.001 or value == 0 else 3, sign=sign)
    if plain in _COUNTS:
        return number(value, sign=sign)
    if plain.startswith("latency"):
        return f"{number(value, 0 if abs(value) >= 10 else 1, sign=sign)}{_GAP}ms"
    return number(value, _digits(plain, value), sign=sign)


def _digits(metric: str, value: float) -> int:
    if metric in ("observed_expected", "calibration_slope"):
        return 2
    size = abs(value)
    if 0 < size < 0.01:
        return 4 if size >= 0.001 else 5
    return 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3


def ends(shown: Measurement) -> str:
    """Write the interval of a number, if it has one: ``0.71 to 0.74``."""
    if shown.low is None or shown.high is None:
        return ""
    low, high = written(shown.metric, shown.low), written(shown.metric, shown.high)
    return f"{low} to {high}"


def with_interval(shown: Measurement | None) -> Html:
    """Write a number, and its interval in small below."""
    if shown is None or shown.value is None:
        return Html(MISSING)
    interval = ends(shown)
    small = tag("small", interval, style="white-space:nowrap") if interval else None
    return join([tag("b", written(shown.metric, shown.value)), small])


def coverage_said(shown: Measurement | None) -> str:
    """Say which share of a period the labels cover."""
    if shown is None or not shown.rows:
        return "no labels yet"
    share = shown.labelled / shown.rows
    return f"labels cover {percent(share, 0 if 0.01 <= share <= 0.99 or share in (0, 1) else 1)}"


def status_badge(status: str | None) -> Html:
    """Mark how a model does."""
    return badge(status or "unknown", status_colour(status))


def status_colour(status: str | None) -> str:
    """Give the colour of a status, or of the severity of an alert."""
    return _COLOURS.get(status or "", "#80808099")


_COLOURS = {"healthy": CATEGORIES[2], "watch": CATEGORIES[1], "act": WARM}
_GAP = "\N{NO-BREAK SPACE}"
