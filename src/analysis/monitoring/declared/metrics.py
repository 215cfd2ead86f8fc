"""The metrics that a rule may watch: what each is called in words, and of what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A metric by the name that it has in ``meta.measured``.

    ``rows``, ``fields`` and ``segments`` say of what it is told: of all rows, of a field or the
    score, of the parts of a segment. ``labels``: only rows whose label came count for it.
    ``floor`` and ``reference``: there is one that a threshold may be a multiple of.
    """

    name: str
    words: str
    rows: bool = True
    fields: bool = False
    segments: bool = False
    labels: bool = False
    floor: bool = False
    reference: bool = False


def _health() -> Iterator[Metric]:
    for name, words in (
        ("rows", "the number of predictions"),
        ("requests", "the number of requests"),
        ("error_rate", "the share of requests that were refused"),
        ("errors", "the number of requests that were refused"),
        ("latency_p50", "the typical time of an answer in ms"),
        ("latency_p95", "the time of an answer in ms that 95 % stay below"),
        ("latency_p99", "the time of an answer in ms that 99 % stay below"),
    ):
        yield Metric(name, words)
    for name, words in (
        ("nulls", "the share of missing values"),
        ("unseen", "the share of categories that training did not have"),
        ("out_of_range", "the share of values beyond those of training"),
        ("absent", "the share of rows without the field"),
        ("mistyped", "the share of values of another type"),
    ):
        yield Metric(name, words, rows=False, fields=True, reference=True)


def _drift() -> Iterator[Metric]:
    for name, words in (
        ("psi", "the population stability index"),
        ("jensen_shannon", "the Jensen-Shannon distance"),
        ("wasserstein", "the Wasserstein distance"),
        ("chi2", "Cramér's V of χ²"),
        ("linf", "the largest change of a share"),
    ):
        yield Metric(name, words, rows=False, fields=True, floor=True)
    yield Metric("consequence", "the drift that matters to the model", rows=False, fields=True)


def _performance() -> Iterator[Metric]:
    yield Metric("coverage", "the share of predictions whose label came")
    for name, words in (
        ("auc", "the area under the ROC curve"),
        ("average_precision", "the average precision"),
        ("recall", "the recall"),
        ("precision", "the precision"),
        ("calibration_slope", "the slope of the calibration"),
        ("calibration_intercept", "the intercept of the calibration"),
    ):
        yield Metric(name, words, labels=True, reference=True)
    for name, words in (
        ("base_rate", "the share of positives"),
        ("brier", "the Brier score"),
        ("log_loss", "the log loss"),
        ("accuracy", "the accuracy"),
        ("mae", "the mean absolute error"),
        ("rmse", "the root of the mean squared error"),
        ("bias", "the mean error"),
        ("observed_expected", "observed over expected"),
    ):
        yield Metric(name, words, segments=True, labels=True, reference=True)


def _others() -> Iterator[Metric]:
    for name in ("accuracy", "auc", "brier", "log_loss", "recall", "precision", "base_rate"):
        words = f"{name.replace('_', ' ')}, estimated without labels"
        yield Metric(f"estimated_{name}", words, reference=True)
    yield Metric("ab_difference", "challenger minus champion", fields=True, labels=True)
    yield Metric(
        "ab_better", "the probability that the challenger is better", fields=True, labels=True
    )
    yield Metric("ab_needed", "the rows that the comparison still needs", fields=True, labels=True)


METRICS = {
    metric.name: metric for part in (_health, _drift, _performance, _others) for metric in part()
}
