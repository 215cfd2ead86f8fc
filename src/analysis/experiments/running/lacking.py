"""What a run lacks that was declared only after it was made."""

from __future__ import annotations

from analysis.experiments.running.tasks import Diagnosis
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import curves_of
from analysis.project import Project


def lacks(project: Project, run: Run, wanted: Diagnosis) -> tuple[str, ...]:
    """Name the curves that a run has not, though they are wanted now; a failed one has none."""
    kinds = {"learning": wanted.folds, "importance": wanted.repeats}
    looked = [kind for kind, count in kinds.items() if count]
    # Without a value of the metric that decides, there is nothing to lose.
    if run.status == "failed" or not looked or run.folds[0].metrics[run.metrics[0].name] is None:
        return ()
    there = {curve.curve for curve in curves_of(project, run)}
    return tuple(kind for kind in looked if kind not in there)
