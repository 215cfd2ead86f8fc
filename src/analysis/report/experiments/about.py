"""What an experiment asks, how it is set up, and what came out, in a few facts."""

from __future__ import annotations

from analysis.report.data.layout import facts
from analysis.report.experiments.intervals import Estimate, scale_of
from analysis.report.experiments.links import run_link, view_link
from analysis.report.experiments.outdated import outdated
from analysis.report.experiments.read import experiment
from analysis.report.experiments.told import ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.words import BEST, metric_label, metric_words, plural
from analysis.report.formats import date, number
from analysis.report.html import Html, code, join, tag

_TASKS = {
    "binary": "classification, two classes",
    "multiclass": "classification, several classes",
    "regression": "regression",
}


def about_experiment(name: str) -> Html:
    """Say how an experiment was set up, by what it is decided, and first if its runs are old."""
    told = experiment(name)
    return join([outdated(name), facts(_facts(told))])


def _facts(told: ToldExperiment) -> dict[str, object]:
    others = ", ".join(metric_words(metric) for metric in told.metrics[1:])
    rows = next((run.rows for run in told.shown if run.rows), None)
    positive = join([", positive where it is ", code(told.positive)]) if told.positive else None
    return {
        "Decided by": f"{metric_label(told.metric)} ({BEST[told.best[told.metric]]})",
        "Also measured": others or None,
        "Sample": join([view_link(_named(told.sample)), _rows(rows)]),
        "Features": join((view_link(name) for name in told.features), ", "),
        "Target": join([code(told.target), positive]),
        "Task": _TASKS.get(told.task, told.task),
        "Split": told.split,
        "Blocks": told.blocks,
        "Candidates": _candidates(told),
        "Last run": date(told.updated) if told.updated else None,
        "Owner": told.owner,
        "File": code(f"data/experiments/{told.name}.yml"),
    }


def _named(sample: str) -> str:
    return sample if "." in sample else f"samples.{sample}"


def _rows(rows: int | None) -> str | None:
    return None if rows is None else f", {plural(rows, 'row')}"


def _candidates(told: ToldExperiment) -> str:
    failed = len(told.failed)
    missing = told.candidates - len(told.shown)
    parts = [number(told.candidates)]
    parts += [f"{number(failed)} failed"] if failed else []
    parts += [f"{number(missing)} not run yet"] if missing > 0 else []
    return ", ".join(parts)


def outcome(name: str) -> Html:
    """Say which candidate is the best, by how much, and which others may be as good."""
    told = experiment(name)
    best = told.find(told.leader)
    if best is None or best.value(told.metric) is None:
        return tag("p", "No candidate has a result yet.")
    return join(
        [
            tag("p", _best(told, best), " ", _baseline(told, best), " ", _others(told, best)),
            _flattery(told),
        ]
    )


def _best(told: ToldExperiment, best: ToldRun) -> Html:
    estimate = best.metrics[told.metric]
    scale = scale_of([estimate])
    interval = "" if estimate.width is None else _interval(estimate)
    value = f" is the best: its {metric_words(told.metric)} is {scale.write(estimate.value)}"
    return join(
        [tag("strong", run_link(told.name, best.run, best.candidate)), value, interval, "."]
    )


def _interval(estimate: Estimate) -> str:
    scale = scale_of([estimate])
    return f" (95% interval {scale.write(estimate.low)} to {scale.write(estimate.high)})"


def _baseline(told: ToldExperiment, best: ToldRun) -> Html | None:
    base, gap = told.find(told.baseline), best.from_baseline
    if base is None or gap is None or gap.difference.value is None:
        return None
    scale = scale_of([gap.difference])
    amount = number(abs(gap.difference.value), scale.digits)
    ours, theirs = best.value(told.metric), base.value(told.metric)
    better = None not in (ours, theirs) and _is_better(told, ours, theirs)
    parts = [f"That is {amount} {'better' if better else 'worse'} than the baseline, "]
    tail = "." if gap.distinguishable else ", which may be chance."
    return join([*parts, run_link(told.name, base.run, base.candidate), tail])


def _is_better(told: ToldExperiment, ours: float | None, theirs: float | None) -> bool:
    best = told.best[told.metric]
    return loss_of(ours or 0.0, best) < loss_of(theirs or 0.0, best)


def _others(told: ToldExperiment, best: ToldRun) -> str:
    compared = [run.from_best for run in told.done if run.run != best.run and run.from_best]
    if not compared:
        return ""
    same = sum(not gap.distinguishable for gap in compared)
    if not same:
        return "All others can be told apart from it."
    if same == len(compared):
        return "None of the others can be told apart from it."
    return f"{plural(same, 'other')} cannot be told apart from it."


def _flattery(told: ToldExperiment) -> Html | None:
    """Say how much the best flatters itself, as it was chosen by the score that judges it."""
    best = told.find(told.leader)
    if told.selection_bias is None or best is None:
        return None
    value, scale = best.value(told.metric), scale_of([best.metrics[told.metric]])
    bias = number(told.selection_bias, scale.digits)
    if value is None or bias == number(0, scale.digits):
        return tag("p", "That it was chosen by its score hardly flatters it.")
    sign = -1 if told.best[told.metric] == "high" else 1
    honest = scale.write(value + sign * told.selection_bias)
    said = (
        f"It was chosen from {plural(len(told.done), 'candidate')} by the score that it is judged "
        f"by, which flatters it by about {bias}: on new rows, expect {metric_words(told.metric)} "
        f"near {honest} (Tibshirani and Tibshirani, 2009)."
    )
    return tag("p", said)


def failures(name: str) -> Html:
    """List the candidates that failed, with what each says."""
    told = experiment(name)
    if not told.failed:
        return tag("p", "No candidate failed.")
    return tag("ul", *(tag("li", _failure(told, run)) for run in told.failed))


def _failure(told: ToldExperiment, run: ToldRun) -> Html:
    during = f", during {run.during}: " if run.during else ": "
    said = [run_link(told.name, run.run, run.candidate), during, code(run.failure)]
    return join(said)
