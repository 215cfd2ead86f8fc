"""The same candidates under other splits: how much the choice of the split flatters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.report.experiments.chosen import legend
from analysis.report.experiments.frames import frame_of
from analysis.report.experiments.intervals import Estimate, Scale, scale_of
from analysis.report.experiments.read import experiment
from analysis.report.experiments.told import ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.words import metric_label, metric_words
from analysis.report.formats import number
from analysis.report.html import Html, join, tag
from analysis.report.palette import CATEGORIES

_NONE = "No candidate was tried under another split."
_ROW, _ROOM = 22, 112  # pixels of a dot, and of the legend and the axis
# A candidate under the split that decides, and under others.
Group = tuple[ToldRun, list[ToldRun]]


def split_honesty(name: str) -> Html:
    """Say in words how much the same candidates would seem to be better under other splits."""
    told = experiment(name)
    groups = _groups(told)
    if not groups:
        return tag("p", _NONE)
    return tag("ul", *(tag("li", _said(told, *group)) for group in groups))


def honesty_chart(name: str) -> Any:
    """Draw the deciding metric of the same candidates under each split."""
    from analysis.report.charts import alt, dots

    told = experiment(name)
    groups = _groups(told)
    if not groups:
        return tag("p", "")
    rows = [row for own, others in groups for row in _rows(told, own, others)]
    splits = list(dict.fromkeys(row["split"] for row in rows))
    title = metric_label(told.metric)
    scale = alt.Scale(domain=splits, range=list(CATEGORIES))
    chart = alt.Chart(frame_of(rows)).encode(
        y=alt.Y("candidate:N", sort=[told.labels[own.run] for own, _ in groups])
        .title(None)
        .axis(labelLimit=220),
        yOffset=alt.YOffset("split:N", sort=splits),
        color=alt.Color("split:N", sort=splits).scale(scale).legend(legend(splits)),
        tooltip=[
            alt.Tooltip("candidate:N", title="Candidate"),
            alt.Tooltip("split:N", title="Split"),
            alt.Tooltip("value:Q", title=title, format=".4"),
            alt.Tooltip("low:Q", title="From", format=".4"),
            alt.Tooltip("high:Q", title="To", format=".4"),
        ],
    )
    across = alt.X("value:Q").title(title).scale(zero=False).axis(tickCount=6)
    layers: Any = dots(chart, across)
    lines = len(groups) * max(len(splits), 2)
    return layers.properties(height=_ROOM + _ROW * lines)


def _groups(told: ToldExperiment) -> list[Group]:
    """Give each candidate that was tried under other splits, with those runs."""
    elsewhere = [run for run in told.runs if run.role == "honesty" and run.current and run.is_done]
    pairs = (
        (own, [run for run in elsewhere if run.candidate == own.candidate]) for own in told.done
    )
    return [(own, others) for own, others in pairs if others]


def _rows(told: ToldExperiment, own: ToldRun, others: list[ToldRun]) -> Iterator[dict[str, Any]]:
    for run in (own, *others):
        estimate = run.metrics.get(told.metric, Estimate(None))
        yield {
            "candidate": told.labels[own.run],
            "split": run.split if run is not own else f"{run.split}: decides",
            "value": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
        }


def _said(told: ToldExperiment, own: ToldRun, others: list[ToldRun]) -> Html:
    metric = told.metric
    scale = scale_of([run.metrics[metric] for run in (own, *others) if metric in run.metrics])
    start = f": {metric_words(metric)} {scale.write(own.value(metric))} under “{own.split}”"
    said = [_other(told, own, run, scale) for run in others]
    return join([tag("strong", own.candidate), start, *said, "."])


def _other(told: ToldExperiment, own: ToldRun, other: ToldRun, scale: Scale) -> Html:
    ours, theirs = own.value(told.metric), other.value(told.metric)
    if ours is None or theirs is None:
        return join([f"; none under “{other.split}”"])
    best = told.best[told.metric]
    by = loss_of(ours, best) - loss_of(theirs, best)
    return join(
        [
            f"; {scale.write(theirs)} under “{other.split}”, ",
            tag("strong", _verdict(by, scale)),
            _interval(other, scale),
        ]
    )


def _verdict(by: float, scale: Scale) -> str:
    amount = number(abs(by), scale.digits)
    if amount == number(0, scale.digits):
        return "the same"
    return f"which flatters by {amount}" if by > 0 else f"which is harder by {amount}"


def _interval(other: ToldRun, scale: Scale) -> str | None:
    """Write the interval of the difference without its sign, where it has one sign."""
    gap = other.from_own
    if gap is None or gap.difference.low is None or gap.difference.high is None:
        return None
    low, high = gap.difference.low, gap.difference.high
    if low < 0 < high:
        return " (which may be chance)"
    near, far = sorted((abs(low), abs(high)))
    return f" ({scale.write(near)} to {scale.write(far)})"
