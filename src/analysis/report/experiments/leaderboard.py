"""The candidates of an experiment in a table that sorts: the best first, the failed ones last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.report.data.layout import badge
from analysis.report.experiments.intervals import Estimate, Scale, drawn, scale_of, styled, written
from analysis.report.experiments.links import run_link
from analysis.report.experiments.read import experiment
from analysis.report.experiments.spaces import varied
from analysis.report.experiments.told import Gap, ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.words import (
    BEST,
    first_order,
    megabytes,
    metric_label,
    parameter,
    seconds,
    size,
)
from analysis.report.formats import MISSING
from analysis.report.html import Html, join, tag, text
from analysis.report.palette import CATEGORIES, WARM
from analysis.report.sortable.table import Heading, keyed, sortable_table

_SAME, _GOOD, _PLAIN = CATEGORIES[1], CATEGORIES[2], CATEGORIES[6]


def leaderboard(name: str) -> Html:
    """Show the current candidates with intervals, differences and costs, the best first."""
    told = experiment(name)
    if not told.shown:
        return tag("p", "No candidate has run yet.")
    scales = {m: scale_of(_estimates(told, m)) for m in told.metrics}
    others = [run for run in told.done if run.run != told.baseline]
    best = scale_of(run.from_best.difference for run in others if run.from_best)
    base = scale_of(run.from_baseline.difference for run in others if run.from_baseline)
    parameters = {family: varied(told, family) for family in told.families}
    rows = [
        {
            "candidate": _named(told, run, parameters.get(run.family, ())),
            **{f"metric {m}": _metric(told, run, m, scales[m]) for m in told.metrics},
            "best": _from_best(told, run, best),
            "baseline": _from_baseline(told, run, base),
            "fit": keyed(run.fit_seconds, seconds(run.fit_seconds)),
            "size": keyed(run.model_bytes, size(run.model_bytes)),
            "memory": keyed(run.memory_mb, megabytes(run.memory_mb)),
            "status": _status(run),
        }
        for run in told.shown
    ]
    return styled(sortable_table(rows, _headings(told, scales), things="candidates"))


def _headings(told: ToldExperiment, scales: Mapping[str, Scale]) -> dict[str, Heading]:
    deciding, *others = told.metrics
    columns = {
        "candidate": Heading("Candidate"),
        f"metric {deciding}": _metric_heading(told, deciding, scales[deciding]),
        "best": Heading("From the best", text(metric_label(deciding)), number=True),
        "baseline": Heading("From the baseline", text(metric_label(deciding)), number=True),
    }
    columns |= {f"metric {m}": _metric_heading(told, m, scales[m]) for m in others}
    return columns | {
        "fit": Heading("Fit time", text("all folds"), number=True),
        "size": Heading("Model size", number=True),
        "memory": Heading("Memory", text("at its peak"), number=True),
        "status": Heading("Status"),
    }


def _metric_heading(told: ToldExperiment, metric: str, scale: Scale) -> Heading:
    best = told.best.get(metric, "high")
    below = text(f"{BEST[best]}, {scale.said()}")
    return Heading(metric_label(metric), below, first_order(best))


def _named(told: ToldExperiment, run: ToldRun, parameters: Sequence[str]) -> Html:
    marks = [
        badge("best", _GOOD) if run.run == told.leader else None,
        badge("baseline", _PLAIN) if run.run == told.baseline else None,
    ]
    values = ", ".join(f"{p} {parameter(run.parameters.get(p))}" for p in parameters)
    name = tag("strong", run_link(told.name, run.run, told.labels[run.run]))
    shown = [
        join([name, *filter(None, marks)], " "),
        tag("small", values, title=values, style=_CUT) if values else None,
        tag("small", run.failure, style=_FAILED) if run.failure else None,
    ]
    return keyed(run.candidate, tag("div", *filter(None, shown), style=_NAME))


_NAME = "min-width:9em"
_CUT = "max-width:17em;overflow:hidden;text-overflow:ellipsis"
# Both tests must tell them apart: see ``Comparison``.
SAME = "≈ best"
_SAID = "Not distinguishable from the best: the difference may be chance."
_FAILED = f"color:light-dark({WARM}, #eb9a82);white-space:normal;max-width:30em"


def _metric(told: ToldExperiment, run: ToldRun, metric: str, scale: Scale) -> Html:
    estimate = run.metrics.get(metric, Estimate(None))
    leader = told.find(told.leader)
    mark = leader.value(metric) if leader else None
    return keyed(_key(estimate.value, told.best.get(metric, "high")), drawn(estimate, scale, mark))


def _key(value: float | None, best: str) -> str | None:
    if value is None:
        return None
    return f"{loss_of(value, best) if best in ('one', 'zero') else value:.7g}"


def _from_best(told: ToldExperiment, run: ToldRun, scale: Scale) -> Html:
    if run.run == told.leader:
        return keyed(0, "the best")
    if run.from_best is None:
        return keyed(None, MISSING)
    same = None if run.from_best.distinguishable else badge(SAME, _SAME, _SAID)
    return _gap(run.from_best, scale, same)


def _from_baseline(told: ToldExperiment, run: ToldRun, scale: Scale) -> Html:
    if run.run == told.baseline:
        return keyed(0, "the baseline")
    if run.from_baseline is None:
        return keyed(None, MISSING)
    same = None if run.from_baseline.distinguishable else badge("≈ baseline", _PLAIN)
    return _gap(run.from_baseline, scale, same)


def _gap(gap: Gap, scale: Scale, mark: Html | None) -> Html:
    key = None if gap.difference.value is None else f"{gap.difference.value:.7g}"
    return keyed(key, join([mark, " ", written(gap.difference, scale, sign=True)]))


def _status(run: ToldRun) -> Html:
    if run.is_done:
        return badge("done", _GOOD)
    return badge("failed", WARM, f"during {run.during}" if run.during else None)


def _estimates(told: ToldExperiment, metric: str) -> list[Estimate]:
    """Give what a scale shall show: the baseline, far away, would press all others together."""
    others = [run for run in told.done if run.run != told.baseline]
    return [run.metrics[metric] for run in others or told.done if metric in run.metrics]
