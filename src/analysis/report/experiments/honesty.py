"""The same candidates under other splits: how much the choice of the split flatters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.report.experiments.chosen import legend
from analysis.report.experiments.frames import frame_of
from analysis.report.experiments.intervals import Estimate, Scale, scale_of
from analysis.report.experiments.read import experiment
from analysis.report.experiments.told import ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.words import metric_label
from analysis.report.formats import number
from analysis.report.html import Html, join, tag
from analysis.report.palette import CATEGORIES

_NONE = "No candidate was tried under another split."
_ROW, _ROOM = 22, 112  # pixels of a dot, and of the legend and the axis
# A candidate under the split that decides, and under others.
Group = tuple[ToldRun, list[ToldRun]]


@dataclass(frozen=True)
class _Difference:
    """How much better a candidate looks under a split than under the one that decides."""

    candidate: str
    split: str
    better: Estimate

    def sign(self, scale: Scale) -> int:
        """Say whether it looks better (1) or worse (-1), or whether that may be chance (0)."""
        value, low, high = self.better.value or 0.0, self.better.low, self.better.high
        amount = number(abs(value), scale.digits)
        if amount == number(0, scale.digits):
            return 0
        if low is not None and high is not None and low <= 0 <= high:
            return 0
        return 1 if value > 0 else -1

    def said(self, scale: Scale) -> Html:
        """Write the candidate with the size of its difference."""
        amount = tag("strong", number(abs(self.better.value or 0.0), scale.digits))
        return join([self.candidate, " by ", amount, self._interval(scale)])

    def _interval(self, scale: Scale) -> str:
        if self.better.low is None or self.better.high is None:
            return ""
        near, far = sorted((abs(self.better.low), abs(self.better.high)))
        return f" ({scale.write(near)} to {scale.write(far)})"


def split_honesty(name: str) -> Html:
    """Say in words how much better, or worse, the same candidates look under other splits."""
    told = experiment(name)
    found = _differences(told)
    if not found:
        return tag("p", _NONE)
    splits = dict.fromkeys(one.split for one in found)
    scale = scale_of(one.better for one in found)
    said = [_said(split, [one for one in found if one.split == split], scale) for split in splits]
    intro = f"Against “{told.split}”, which decides here:"
    return join([tag("p", intro), tag("ul", *(tag("li", one) for one in said))])


def honesty_chart(name: str) -> Any:
    """Draw the deciding metric of the same candidates under each split."""
    from analysis.report.charts import alt, dots

    told = experiment(name)
    groups = [group for group in _groups(told) if group[0].run != told.baseline]
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


def _differences(told: ToldExperiment) -> list[_Difference]:
    """Say for each candidate and other split how much better it looks, the most so first."""
    found = []
    for own, others in _groups(told):
        for other in others:
            ours, theirs = own.value(told.metric), other.value(told.metric)
            if ours is None or theirs is None or own.run == told.baseline:
                continue
            better = Estimate(loss_of(ours, best := told.best[told.metric]) - loss_of(theirs, best))
            if other.from_own and other.from_own.difference.width is not None:
                better = _turned(other.from_own.difference, best)
            found.append(_Difference(own.candidate, other.split, better))
    return sorted(found, key=lambda one: -abs(one.better.value or 0.0))


def _turned(difference: Estimate, best: str) -> Estimate:
    """Give a difference so that it is positive where a candidate looks better."""
    value, low, high = difference.value, difference.low, difference.high
    if best != "low" or value is None or low is None or high is None:
        return difference
    return Estimate(-value, -high, -low)


def _said(split: str, found: list[_Difference], scale: Scale) -> Html:
    """Say what one split does: whom it flatters, for whom it is harder, for whom it is the same."""
    flattered = [one for one in found if one.sign(scale) > 0]
    harder = [one for one in found if one.sign(scale) < 0]
    same = [one.candidate for one in found if one.sign(scale) == 0]
    parts = [
        join([" flatters ", _listed(flattered, scale)]) if flattered else None,
        join([" is harder for ", _listed(harder, scale)]) if harder else None,
        f" makes no difference beyond chance for {', '.join(same)}" if same else None,
    ]
    return join([tag("strong", split), join(filter(None, parts), "; it"), "."])


def _listed(found: list[_Difference], scale: Scale) -> Html:
    return join((one.said(scale) for one in found), ", ")
