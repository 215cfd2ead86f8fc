"""The metrics of the log itself."""

from __future__ import annotations

from collections.abc import Callable

from analysis.experiments.runs.record import Best
from analysis.monitoring.metrics import health
from analysis.monitoring.metrics.metric import ALL, Metric
from analysis.monitoring.metrics.scope import Scope

_COUNT = "a count"
_NEAREST = "Hyndman & Fan 1996, The American Statistician 50(4), p. 362, definition 1"
_EDGE = "the latency is told as the upper edge of its cell, at most 12 % above the row's"


def _metric(
    name: str,
    title: str,
    what: str,
    unit: str,
    query: Callable[[Scope], str],
    source: str = _COUNT,
    rounded: str | None = None,
) -> Metric:
    better: Best | None = None if name in ("rows", "requests") else "low"
    return Metric(name, title, what, unit, better, source, rounded, "log health", ALL, query)


def _latency(percent: int) -> Metric:
    return _metric(
        f"latency_p{percent}",
        f"Latency, {percent} of 100 requests",
        f"milliseconds in which {percent} of 100 requests were answered",
        "ms",
        health.latency(percent / 100),
        _NEAREST,
        _EDGE,
    )


LOG_HEALTH = (
    _metric("rows", "Predictions", "rows that were predicted", "rows", health.volume),
    _metric("requests", "Requests", "answered and refused ones", "requests", health.requests),
    _metric(
        "error_rate",
        "Share of errors",
        "requests that were refused, of all",
        "share",
        health.error_rate,
    ),
    _metric("errors", "Errors", "requests refused, by kind of error", "requests", health.errors),
    *(_latency(percent) for percent in (50, 95, 99)),
    _metric("nulls", "Missing values", "rows without a value", "share", health.nulls),
    _metric(
        "unseen",
        "Unseen categories",
        "rows whose category was not in the training rows",
        "share",
        health.unseen,
    ),
    _metric(
        "out_of_range",
        "Out of range",
        "rows below the least or above the largest value of the training rows",
        "share",
        health.out_of_range,
    ),
    _metric("absent", "Absent field", "rows that do not have the field", "share", health.absent),
    _metric(
        "mistyped",
        "Mistyped values",
        "rows whose value is of another type",
        "share",
        health.mistyped,
    ),
)
