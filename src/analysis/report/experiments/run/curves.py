"""The curves of one run: what it confuses, what it learns from, what it relies on."""

from __future__ import annotations

from typing import Any

from analysis.report.experiments import curves, importance, learning
from analysis.report.experiments.run.read import points, record
from analysis.report.experiments.words import metric_label
from analysis.report.html import Html, tag
from analysis.report.palette import ACCENT

KINDS = ("roc", "precision_recall", "calibration")


def run_curves(experiment: str, run: str) -> Any:
    """Draw ROC, precision and recall, and calibration of a run."""
    told = record(experiment, run)
    frame = points(told, KINDS)
    return _nothing("curves") if frame.empty else curves.draw(frame, _scale(told.candidate))


def run_learning(experiment: str, run: str) -> Any:
    """Draw what a run would have learnt from fewer rows."""
    told = record(experiment, run)
    frame = points(told, ("learning",))
    if frame.empty:
        return _nothing("learning curve")
    label = metric_label(told.metrics[0].name)
    return learning.draw(frame, _scale(told.candidate), "Rows to train on", label)


def run_iterations(experiment: str, run: str) -> Any:
    """Draw the deciding metric by iteration, where the estimator predicts in stages."""
    told = record(experiment, run)
    frame = points(told, ("iteration",))
    if frame.empty:
        return tag("p", "The estimator does not predict in stages.")
    label = metric_label(told.metrics[0].name)
    return learning.draw_iterations(frame, _scale(told.candidate), label)


def run_importance(experiment: str, run: str) -> Any:
    """Draw what the deciding metric loses when a column is shuffled."""
    told = record(experiment, run)
    frame = points(told, ("importance",))
    if frame.empty:
        return _nothing("importance of columns")
    return importance.draw(frame, told.metrics[0].name)


def _scale(candidate: str) -> Any:
    from analysis.report.charts import alt

    return alt.Scale(domain=[candidate], range=[ACCENT])


def _nothing(what: str) -> Html:
    return tag("p", f"There is no {what}.".replace("no curves", "no such curve"))
