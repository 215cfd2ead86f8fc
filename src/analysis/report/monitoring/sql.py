"""The queries behind the numbers of a page, shown on request."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.lineage import unobserved
from analysis.project import find_project
from analysis.report.experiments.run.about import folded
from analysis.report.html import Html, join, tag
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import metric_label


def with_queries(told: ToldMonitor, metrics: Iterable[str], shown: object) -> Html:
    """Put the queries of metrics below what shows them, folded."""
    return join([shown, queries(told, metrics)])


def queries(told: ToldMonitor, metrics: Iterable[str]) -> Html:
    """Show the query that gives each of the metrics, folded."""
    found = {metric: text for metric in metrics if (text := query_of(told, metric))}
    if not found:
        return Html("")
    parts = [
        join(
            [
                tag("p", tag("strong", metric_label(metric))),
                tag("pre", tag("code", text), style=_BLOCK),
            ]
        )
        for metric, text in found.items()
    ]
    return folded("The queries that give these numbers", join(parts))


_BLOCK = "max-height:24em;overflow:auto"


def query_of(told: ToldMonitor, metric: str) -> str | None:
    """Give the query of a metric; what is made of other numbers, by bootstrap, has none."""
    from analysis.monitoring.declared.file import monitor_of
    from analysis.monitoring.metrics.registry import find_metric

    # What is declared counts once it was measured by it, and then the page runs again anyway.
    with unobserved(), contextlib.suppress(AnalysisError):
        monitor = monitor_of(find_project(Path.cwd()), told.model)
        return find_metric(metric).sql(monitor, told.model)
    return None
