"""What a better score costs: time to fit, and size of the model, with the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.report.experiments.chosen import family_colours, family_name, family_names, legend
from analysis.report.experiments.frames import frame_of
from analysis.report.experiments.read import experiment
from analysis.report.experiments.told import ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.words import metric_label, seconds, size
from analysis.report.html import tag
from analysis.report.palette import MUTED

_WIDTH, _HEIGHT = 237, 270
# By the name of a cost: its title, and how it is written.
_COSTS = {
    "fit_seconds": ("Time to fit all folds (seconds)", seconds),
    "model_bytes": ("Size of the model (kB)", size),
}
Point = dict[str, Any]
_FEWEST = 3  # other candidates; where there are less, the baseline is one among few


def tradeoff_chart(name: str) -> Any:
    """Draw the deciding metric against costs; the line joins what nothing else beats in both."""
    from analysis.report.charts import alt

    told = experiment(name)
    parts = {cost: _points(told, cost) for cost in _COSTS}
    kept = [(cost, points) for cost, points in parts.items() if points]
    if not kept:
        return tag("p", "No candidate has a score and a cost.")
    pick = alt.selection_point(fields=["family"], bind="legend", name="pick")
    panels = [_panel(told, cost, points, pick, i == 0) for i, (cost, points) in enumerate(kept)]
    return alt.hconcat(*panels, spacing=24)


def front(points: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Choose the points that no other beats, being at most as large in both; by the first."""
    found: list[int] = []
    least = float("inf")
    for at in sorted(range(len(points)), key=lambda i: points[i]):
        if points[at][1] < least:
            least = points[at][1]
            found.append(at)
    return tuple(found)


def _points(told: ToldExperiment, cost: str) -> list[Point]:
    runs = [run for run in _near(told) if getattr(run, cost)]
    best = told.best[told.metric]
    places = [(getattr(run, cost), loss_of(run.value(told.metric) or 0.0, best)) for run in runs]
    on_front = set(front(places))
    return [_point(told, run, cost, i in on_front) for i, run in enumerate(runs)]


def _near(told: ToldExperiment) -> list[ToldRun]:
    """Leave out a baseline that is so far away that all others would lie on one spot."""
    scored = [run for run in told.done if run.value(told.metric) is not None]
    others = [run.value(told.metric) or 0.0 for run in scored if run.run != told.baseline]
    base = next((run for run in scored if run.run == told.baseline), None)
    if base is None or len(others) < _FEWEST:
        return scored
    low, high, it = min(others), max(others), base.value(told.metric) or 0.0
    is_far = not low - (high - low) <= it <= high + (high - low)
    return [run for run in scored if not (is_far and run is base)]


def _point(told: ToldExperiment, run: ToldRun, cost: str, on_front: bool) -> Point:
    estimate = run.metrics[told.metric]
    value = getattr(run, cost)
    return {
        "candidate": run.candidate,
        "family": family_name(told, run),
        "cost": value / 1000 if cost == "model_bytes" else value,
        "told": _COSTS[cost][1](value),
        "y": estimate.value,
        # Intervals of all would hide the points.
        "low": estimate.low if on_front else None,
        "high": estimate.high if on_front else None,
        "front": on_front,
    }


def _panel(told: ToldExperiment, cost: str, points: list[Point], pick: Any, declares: bool) -> Any:
    from analysis.report.charts import alt

    key = legend(family_names(told))
    x = alt.X("cost:Q").title(_COSTS[cost][0]).scale(type="log", nice=True)
    x = x.axis(format="~s" if cost == "model_bytes" else "~g", tickCount=5)
    y = alt.Y("y:Q").title(metric_label(told.metric)).scale(zero=False)
    color = alt.Color("family:N").scale(family_colours(told)).legend(key)
    opacity = alt.condition(pick, alt.value(0.9), alt.value(0.08))
    base = alt.Chart(frame_of(points)).encode(x=x, y=y)
    on_front = base.transform_filter("datum.front")
    line = on_front.mark_line(interpolate="step-after", color=MUTED, strokeWidth=1.2)
    rule = on_front.mark_rule(size=1.2).encode(
        y=alt.Y("low:Q"), y2="high:Q", color=color, opacity=opacity
    )
    dots = base.mark_circle(aria=False).encode(
        color=color,
        opacity=opacity,
        size=alt.condition("datum.front", alt.value(80), alt.value(30)),
        tooltip=[
            alt.Tooltip("candidate:N", title="Candidate"),
            alt.Tooltip("y:Q", title=metric_label(told.metric)),
            alt.Tooltip("told:N", title=_COSTS[cost][0].partition(" (")[0]),
        ],
    )
    # The choice by the legend belongs to a layer that has the colours.
    layers: Any = line + rule + (dots.add_params(pick) if declares else dots)
    return layers.properties(width=_WIDTH, height=_HEIGHT)
