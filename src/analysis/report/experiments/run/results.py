"""How good a run is: its metrics with intervals, and each of its folds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.report.data.layout import html_table
from analysis.report.experiments.intervals import Estimate, drawn, scale_of, styled
from analysis.report.experiments.run.read import record
from analysis.report.experiments.words import BEST, megabytes, metric_label, seconds
from analysis.report.formats import MISSING, number
from analysis.report.html import Html, join, tag

if TYPE_CHECKING:
    from analysis.experiments.runs.record import MetricValue

NOTHING = "There are no results: the run failed."


def metric_table(experiment: str, run: str) -> Html:
    """Show each metric with both of its intervals of 95 %."""
    return metrics_shown(record(experiment, run).metrics)


def metrics_shown(metrics: Sequence[MetricValue]) -> Html:
    """Show metrics, the first of which decides."""
    if not metrics:
        return tag("p", NOTHING)
    rows = [_metric(metric, first=i == 0) for i, metric in enumerate(metrics)]
    labels = {
        "metric": "Metric",
        "blocks": "Interval by blocks",
        "folds": "Interval by folds",
    }
    return styled(Html(html_table(rows, labels).as_raw_html()))


def _metric(metric: MetricValue, *, first: bool) -> dict[str, object]:
    blocks = Estimate(metric.value, metric.low, metric.high)
    folds = Estimate(metric.value, metric.fold_low, metric.fold_high)
    # Both intervals of a metric on one scale, so that one sees which is wider.
    scale = scale_of([blocks, folds])
    decides = " It decides." if first else ""
    said = tag("small", f"{BEST[metric.best].capitalize()}.{decides}")
    return {
        "metric": join([tag("b", metric_label(metric.name)), said]),
        "blocks": drawn(blocks, scale),
        "folds": drawn(folds, scale),
    }


def fold_table(experiment: str, run: str) -> Html:
    """Show rows, metrics, times and memory of each fold."""
    told = record(experiment, run)
    if not told.folds:
        return tag("p", NOTHING)
    scales = {
        metric.name: scale_of([Estimate(metric.value, metric.fold_low, metric.fold_high)])
        for metric in told.metrics
    }
    rows = [
        {
            "fold": number(fold.fold),
            "train": number(fold.train_rows),
            "test": number(fold.test_rows),
            **{f"m {n}": _value(fold.metrics.get(n), s.digits) for n, s in scales.items()},
            "fit": seconds(fold.fit_seconds),
            "score": seconds(fold.score_seconds),
            "memory": megabytes(fold.memory_mb),
        }
        for fold in told.folds
    ]
    labels = {
        "fold": "Fold",
        "train": "Rows to train",
        "test": "to test",
        **{f"m {name}": metric_label(name) for name in scales},
        "fit": "To fit",
        "score": "To score",
        "memory": "Memory",
    }
    return Html(html_table(rows, labels, list(labels)).as_raw_html())


def _value(value: float | None, digits: int) -> str:
    return MISSING if value is None else number(value, digits)
