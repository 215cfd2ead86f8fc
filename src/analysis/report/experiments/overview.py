"""All experiments in short: what each asks, and which candidate answers best."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from analysis.report.data.layout import WIDE, html_table
from analysis.report.data.read import rows
from analysis.report.experiments.intervals import Estimate, scale_of, styled, written
from analysis.report.experiments.links import experiment_link, run_link
from analysis.report.experiments.told import loss_of
from analysis.report.experiments.words import BEST, metric_label, plural
from analysis.report.formats import MISSING, date, number
from analysis.report.html import Html, code, join, prose, tag

_ALL = """
select e.*, r.rows,
  (select max(created) from meta.runs where experiment = e.name) as last
from meta.experiments e
left join meta.runs r on r.experiment = e.name and r.run = e.leader
order by e.name
"""
_LABELS = {
    "name": "Experiment",
    "best": "Best candidate",
    "value": "Decided by",
    "baseline": "Baseline",
    "runs": "Runs",
    "last": "Last run",
    "rows": "Rows",
    "split": "Split",
}


def experiment_table() -> Html:
    """List the experiments that have run, with the best candidate of each."""
    found = rows(_ALL)
    if not found:
        return tag("p", *_NONE)
    shown = html_table([_row(one) for one in found], _LABELS, ["runs", "rows"])
    return styled(Html(shown.as_raw_html()))


_NONE = (
    "No experiment has run yet. Write one down in ",
    code("data/experiments/"),
    ", and run it: ",
    code("analysis experiment run NAME"),
    ".",
)


def _row(one: SimpleNamespace) -> dict[str, Any]:
    estimate = Estimate(one.value, one.low, one.high)
    leader = one.leader and run_link(one.name, one.leader, one.leader_candidate or one.leader)
    return {
        "name": tag(
            "div",
            tag("strong", experiment_link(one.name)),
            tag("div", prose(one.question)),
            style=WIDE,
        ),
        "best": leader or MISSING,
        "value": join(
            [
                written(estimate, scale_of([estimate])),
                tag("small", f"{metric_label(one.metric)}, {BEST[one.best]}"),
            ]
        ),
        "baseline": _baseline(one),
        "runs": join(
            [number(one.runs), tag("small", f"{one.failed} failed" if one.failed else "")]
        ),
        "last": date(one.last or one.updated),
        "rows": number(one.rows),
        "split": one.split,
    }


def _baseline(one: SimpleNamespace) -> Html | str:
    if one.baseline is None or one.baseline_value is None or one.value is None:
        return MISSING
    digits = scale_of([Estimate(one.value, one.low, one.high)]).digits
    by = loss_of(one.baseline_value, one.best) - loss_of(one.value, one.best)
    told = f"{number(abs(by), digits)} {'worse' if by >= 0 else 'better'}"
    name = run_link(one.name, one.baseline, one.baseline_candidate or one.baseline)
    return join(
        [tag("b", number(one.baseline_value, digits)), tag("small", told), tag("small", name)]
    )


def experiment_count() -> str:
    """Say how many experiments there are, and how many runs."""
    found = rows("select runs from meta.experiments")
    return f"{plural(len(found), 'experiment')}, {plural(sum(e.runs for e in found), 'run')}"
