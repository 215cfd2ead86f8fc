"""The runs of an experiment that are not of what is declared now."""

from __future__ import annotations

from typing import Any

from analysis.report.experiments.intervals import Estimate, drawn, scale_of, styled
from analysis.report.experiments.links import run_link
from analysis.report.experiments.read import experiment
from analysis.report.experiments.told import ToldExperiment, ToldRun
from analysis.report.experiments.words import first_order, metric_label, moment, parameter
from analysis.report.formats import MISSING
from analysis.report.html import Html, code, join, tag
from analysis.report.sortable.table import Heading, keyed, sortable_table

_FIRST = 10


def earlier_runs(name: str) -> Html:
    """List the runs of earlier data, code or declarations, the last first."""
    told = experiment(name)
    if not told.earlier:
        return tag("p", "There are none: every run is of what is declared now.")
    scale = scale_of(run.metrics.get(told.metric, Estimate(None)) for run in told.earlier)
    rows = [_row(told, run, scale) for run in told.earlier]
    headings = {
        "candidate": Heading("Candidate"),
        "metric": Heading(metric_label(told.metric), first=first_order(told.best[told.metric])),
        "created": Heading("Run on", first="descending"),
        "commit": Heading("Commit", first=None),
        "split": Heading("Split"),
        "run": Heading("Run", first=None),
    }
    return styled(sortable_table(rows, headings, things="earlier runs", first=_FIRST))


def _row(told: ToldExperiment, run: ToldRun, scale: Any) -> dict[str, Any]:
    estimate = run.metrics.get(told.metric, Estimate(None))
    values = ", ".join(f"{name} {parameter(value)}" for name, value in run.parameters.items())
    shown = drawn(estimate, scale) if run.is_done else join(["failed", tag("small", run.failure)])
    return {
        "candidate": keyed(
            run.candidate, join([tag("strong", run.candidate), tag("small", values, style=_CUT)])
        ),
        "metric": keyed(None if estimate.value is None else f"{estimate.value:.7g}", shown),
        "created": keyed(run.created, moment(run.created)),
        "commit": code(run.commit[:8]) if run.commit else MISSING,
        "split": run.split,
        "run": run_link(told.name, run.run),
    }


_CUT = "max-width:20em;overflow:hidden;text-overflow:ellipsis"
