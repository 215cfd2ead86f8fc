"""Search spaces: each run as a line through its parameters, and the score against each of them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.report.experiments.frames import frame_of
from analysis.report.experiments.read import experiment
from analysis.report.experiments.spaces import Axis, axes, varied
from analysis.report.experiments.told import ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.words import metric_label, parameter
from analysis.report.html import Html, tag
from analysis.report.palette import GRID, INK

_WIDTH, _HEIGHT = 568, 240
_SIDE = 144  # pixels of a panel below; three of them stand beside each other
_FEWEST = 3  # runs; fewer make no picture of a space
_MOST_RUNS = 300
_MOST_LABELS = 8
_LETTERS = 20  # so many stand beside each other below a panel
# Pale lines would not be seen on white.
_COLOURS = ("#b7c8d9", "#1d3f60")
Row = dict[str, Any]


def searched(name: str) -> tuple[str, ...]:
    """Name the declared candidates that are search spaces, the one with the best run first."""
    told = experiment(name)
    return tuple(f for f in told.families if len(_runs(told, f)) >= _FEWEST and varied(told, f))


def search_spaces(name: str) -> list[Any]:
    """Give, for each search space, its name as a heading and its chart."""
    shown: list[Any] = []
    for family in searched(name):
        shown += [_heading(experiment(name), family), parameter_chart(name, family)]
    return shown or [tag("p", "None of the candidates is a search space of several runs.")]


def _heading(told: ToldExperiment, family: str) -> Html:
    count, drawn = len(_scored(told, family)), len(_runs(told, family))
    some = f" ({drawn} of {count} runs)" if drawn < count else f" ({count} runs)"
    return tag("h3", family, tag("small", some), style="margin-top:1.5em")


def parameter_chart(name: str, family: str) -> Any:
    """Draw the runs of a search space: a line each, and below the score by each parameter.

    To drag over a panel below chooses runs: the lines and the other panels follow.
    """
    from analysis.report.charts import alt

    told = experiment(name)
    runs = _runs(told, family)
    drawn = axes(runs, varied(told, family))
    rows = [_row(told, run, drawn) for run in runs]
    data = frame_of(rows)
    brush = alt.selection_interval(name="brush", resolve="intersect")
    panels = [_panel(told, axis, i, rows, data, brush) for i, axis in enumerate(drawn)]
    with warnings.catch_warnings():
        # That the panels share a selection is meant.
        warnings.filterwarnings("ignore", "Automatically deduplicated", UserWarning)
        below = alt.concat(*panels, columns=3, spacing=16)
        return alt.vconcat(_parallel(told, drawn, rows, brush), below, spacing=20)


def _runs(told: ToldExperiment, family: str) -> list[ToldRun]:
    """Give the runs of a search space that have a score, the best last, so that it lies on top.

    Of very many they are some from all over the ranks: more lines could not be told apart.
    """
    runs = _scored(told, family)
    step = -(-len(runs) // _MOST_RUNS)
    return runs[:: step or 1][::-1]


def _scored(told: ToldExperiment, family: str) -> list[ToldRun]:
    runs = [run for run in told.done if run.family == family]
    return [run for run in runs if run.value(told.metric) is not None]


def _row(told: ToldExperiment, run: ToldRun, drawn: Sequence[Axis]) -> Row:
    """Tell of a run: its values (`v0`, …), and their places on the axes (`p0`, …)."""
    said = ", ".join(f"{axis.name} {parameter(run.parameters.get(axis.name))}" for axis in drawn)
    row: Row = {"candidate": run.candidate, "score": run.value(told.metric), "said": said}
    for i, axis in enumerate(drawn):
        value = run.parameters.get(axis.name)
        row[f"v{i}"] = parameter(value) if axis.kind == "names" else value
        row[f"p{i}"] = axis.place(value)
    return row


def _parallel(told: ToldExperiment, drawn: Sequence[Axis], rows: Sequence[Row], brush: Any) -> Any:
    from analysis.report.charts import alt

    score = _score_axis(told, rows)
    every = (*drawn, score)
    names = [axis.name for axis in every]
    places = [f"p{i}" for i in range(len(drawn))]
    end = f"(datum.score - {score.values[0]}) / {score.values[-1] - score.values[0] or 1}"
    x = alt.X("axis:N", sort=names).title(None)
    x = x.scale(padding=0.2).axis(
        orient="top", labelLimit=_WIDTH / len(every), labelColor=INK, grid=True
    )
    y = alt.Y("at:Q").axis(None).scale(domain=[0, 1])
    lines = (
        alt.Chart(frame_of(rows))
        .transform_calculate(end=end)
        .transform_fold([*places, "end"], as_=["place", "at"])
        .transform_calculate(
            axis=f"{json.dumps(names)}[indexof({json.dumps([*places, 'end'])}, datum.place)]"
        )
        .mark_line(aria=False)
        .encode(
            x=x,
            y=y,
            detail="candidate:N",
            color=_colour(told),
            opacity=alt.condition(brush, alt.value(0.75), alt.value(0.03)),
            strokeWidth=alt.condition(brush, alt.value(1.4), alt.value(1)),
            tooltip=_tooltip(told),
        )
    )
    marks = frame_of([row for axis in every for row in _labels(axis)])
    words = alt.Chart(marks).encode(x=x, y=y, text="label:N")
    look: Any = {"align": "left", "dx": 5, "fontSize": 11}
    halo = words.mark_text(**look, color="white", stroke="white", strokeWidth=3)
    layers: Any = lines + halo + words.mark_text(**look, color=INK)
    return layers.properties(width=_WIDTH, height=_HEIGHT)


def _score_axis(told: ToldExperiment, rows: Sequence[Row]) -> Axis:
    values = sorted(row["score"] for row in rows)
    return Axis(metric_label(told.metric), "even", tuple(values))


def _labels(axis: Axis) -> Iterator[Row]:
    """Label the ends of an axis and its middle, or each of its names."""
    if axis.kind == "names":
        step = -(-len(axis.labels) // _MOST_LABELS)
        for label in axis.labels[::step]:
            at = (axis.labels.index(label) + 0.5) / len(axis.labels)
            yield {"axis": axis.name, "at": at, "label": label}
        return
    low, high = axis.values[0], axis.values[-1]
    if low == high:
        yield {"axis": axis.name, "at": 0, "label": f"{low:.3g}"}
        return
    middle = (low * high) ** 0.5 if axis.kind == "log" else (low + high) / 2
    for at, value in ((0, low), (0.5, middle), (1, high)):
        whole = isinstance(low, int) and isinstance(high, int) and value >= 10
        yield {"axis": axis.name, "at": at, "label": f"{value:.0f}" if whole else f"{value:.3g}"}


def _panel(
    told: ToldExperiment, axis: Axis, number: int, rows: Sequence[Row], data: Any, brush: Any
) -> Any:
    from analysis.report.charts import alt

    if axis.kind == "names":
        step = -(-len(axis.labels) // _MOST_LABELS)
        look: Any = {"labelLimit": 90, "values": list(axis.labels[::step])}
        long = max(map(len, axis.labels)) * min(len(axis.labels), _MOST_LABELS) > _LETTERS
        x = alt.X(f"v{number}:N", sort=list(axis.labels)).axis(
            labelAngle=-35 if long else 0, **look
        )
    else:
        scale = alt.Scale(type="log" if axis.kind == "log" else "linear", zero=False, nice=True)
        x = alt.X(f"v{number}:Q").scale(scale).axis(tickCount=4)
    y = alt.Y("score:Q").scale(domain=_domain(rows), nice=False).axis(tickCount=5)
    chart = (
        alt.Chart(data)
        .mark_circle(size=30, aria=False)
        .encode(
            x=x.title(axis.name),
            y=y.title(metric_label(told.metric) if number % 3 == 0 else None),
            color=alt.condition(brush, _colour(told), alt.value(GRID)),
            tooltip=_tooltip(told),
        )
        .properties(width=_SIDE, height=_SIDE)
    )
    return chart.add_params(brush)


def _domain(rows: Sequence[Row]) -> list[float]:
    """Give the scores room above and below, also where all are the same."""
    low, high = min(row["score"] for row in rows), max(row["score"] for row in rows)
    room = 0.06 * (high - low) or 0.01 * abs(high) or 0.01
    return [low - room, high + room]


def _colour(told: ToldExperiment) -> Any:
    from analysis.report.charts import alt

    is_high_best = loss_of(1, told.best[told.metric]) < loss_of(0, told.best[told.metric])
    scale = alt.Scale(range=list(_COLOURS if is_high_best else reversed(_COLOURS)))
    return alt.Color("score:Q").scale(scale).legend(None)


def _tooltip(told: ToldExperiment) -> list[Any]:
    from analysis.report.charts import alt

    return [
        alt.Tooltip("candidate:N", title="Candidate"),
        alt.Tooltip("score:Q", title=metric_label(told.metric)),
        alt.Tooltip("said:N", title="Parameters"),
    ]
