"""The metrics of an experiment, by the names that it declares."""

from __future__ import annotations

from analysis.errors import ProjectError
from analysis.experiments.checking.estimators import Aim
from analysis.experiments.declared.file import Declared
from analysis.experiments.metrics.metric import Metric, find_metric
from analysis.experiments.runs.record import Task


def check_metrics(declared: Declared, aim: Aim) -> None:
    """See that each metric is one for some task of this kind, as far as is known without rows.

    Raises
    ------
    ProjectError
        One is not, or the first says of no two candidates which is better.
    """
    tasks: tuple[Task, ...] = ("regression",)
    if aim == "classification":
        tasks = ("binary", "multiclass")
    found = [_find(declared, index, tasks) for index in range(len(declared.experiment.metrics))]
    _check_decides(declared, found[0])


def metrics_for(declared: Declared, task: Task) -> tuple[Metric, ...]:
    """Find the metrics for a task.

    Raises
    ------
    ProjectError
        One is not there, or the first says of no two candidates which is better.
    """
    names = declared.experiment.metrics
    found = tuple(_find(declared, index, (task,)) for index in range(len(names)))
    _check_decides(declared, found[0])
    return found


def _find(declared: Declared, index: int, tasks: tuple[Task, ...]) -> Metric:
    told = ""
    for task in tasks:
        try:
            return find_metric(declared.experiment.metrics[index], task)
        except ValueError as error:
            told = told or str(error)
    what, _, hint = told.partition("; ")
    raise ProjectError(what, declared.yaml.where("metrics", index), hint or None)


def _check_decides(declared: Declared, first: Metric) -> None:
    if not first.decides:
        raise ProjectError(
            f"`{first.name}` does not say which candidate is better, as the first metric must",
            declared.yaml.where("metrics", 0),
            "begin with one of which more, or less, is better",
        )
