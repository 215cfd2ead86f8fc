"""Metrics by name: scorers of scikit-learn, and our own."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from analysis.experiments.runs.record import Best, Task

_CLASSES: tuple[Task, ...] = ("binary", "multiclass")
# Our own metrics: where each is best, and the tasks that it is for.
OWN: dict[str, tuple[Best, tuple[Task, ...]]] = {
    "brier": ("low", _CLASSES),
    "log_loss": ("low", _CLASSES),
    "calibration_slope": ("one", ("binary",)),
    "calibration_intercept": ("zero", ("binary",)),
    "observed_expected": ("one", ("binary",)),
    "rmse": ("low", ("regression",)),
    "mae": ("low", ("regression",)),
    "bias": ("zero", ("regression",)),
}


@dataclass(frozen=True)
class Metric:
    """A metric by its name; scikit-learn's keep theirs, and are best where they are high."""

    name: str
    best: Best

    @property
    def decides(self) -> bool:
        """Say whether candidates can be put in order by it."""
        return self.best in ("high", "low")


def find_metric(name: str, task: Task) -> Metric:
    """Find a metric of a task.

    Raises
    ------
    ValueError
        There is none of this name, or it is not one for such a task; with one that is close.
    """
    if name in OWN and task in OWN[name][1]:
        return Metric(name, OWN[name][0])
    # It takes a second to load scikit-learn, which our own do not need.
    from analysis.experiments.metrics.scorers import fits, scorer_names

    known = name in OWN or name in scorer_names()
    if name not in OWN and known and fits(name, task):
        return Metric(name, "high")
    told = f"`{name}` is no metric of a {_told(task)}" if known else f"there is no metric `{name}`"
    raise ValueError(told + _close(name, metric_names(task)))


def metric_names(task: Task) -> tuple[str, ...]:
    """Name the metrics of a task, our own first."""
    from analysis.experiments.metrics.scorers import fits, scorer_names

    own = tuple(name for name, (_, tasks) in OWN.items() if task in tasks)
    return own + tuple(name for name in scorer_names() if fits(name, task))


def _told(task: Task) -> str:
    return "regression" if task == "regression" else f"{task} task"


def _close(name: str, names: tuple[str, ...]) -> str:
    longer = [other for other in names if other.startswith(f"{name}_")]
    close = longer or difflib.get_close_matches(name, names, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
