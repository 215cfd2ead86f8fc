"""All metrics, in the order in which they are told."""

from __future__ import annotations

import difflib

from analysis.errors import ModelError
from analysis.experiments.runs.record import Task
from analysis.monitoring.metrics.calibration import CALIBRATION
from analysis.monitoring.metrics.drifting import DRIFT
from analysis.monitoring.metrics.estimated import ESTIMATED
from analysis.monitoring.metrics.loghealth import LOG_HEALTH
from analysis.monitoring.metrics.metric import Metric
from analysis.monitoring.metrics.performance import PERFORMANCE

METRICS: tuple[Metric, ...] = (*LOG_HEALTH, *DRIFT, *PERFORMANCE, *CALIBRATION, *ESTIMATED)
_NAMED = {metric.name: metric for metric in METRICS}


def metrics_of(task: Task) -> tuple[Metric, ...]:
    """Give the metrics of models of a task."""
    return tuple(metric for metric in METRICS if task in metric.tasks)


def find_metric(name: str) -> Metric:
    """Find a metric by name.

    Raises
    ------
    ModelError
        There is none; with one that is close.
    """
    if name in _NAMED:
        return _NAMED[name]
    close = difflib.get_close_matches(name, _NAMED, n=1)
    told = f"did you mean `{close[0]}`? " if close else ""
    raise ModelError(
        f"there is no metric `{name}`", hint=f"{told}see `analysis monitor sql --list`"
    )
