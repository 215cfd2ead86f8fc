"""Learning curves: what more rows, or more iterations, would bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.report.experiments.chosen import chosen, colours, legend
from analysis.report.experiments.read import curves, experiment
from analysis.report.experiments.words import metric_label
from analysis.report.html import tag

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 5
_HEIGHT = 280


def learning_chart(name: str, runs: Sequence[str] | None = None) -> Any:
    """Draw the deciding metric by the number of rows to train on; training rows are dashed."""
    told = experiment(name)
    # The baseline learns nothing, and would press all others together.
    shown = [run for run in chosen(told, runs) if runs or run.run != told.baseline]
    frame = curves(name, ("learning",), shown)
    if frame.empty:
        return tag("p", "None of the candidates has a learning curve.")
    return draw(frame, colours(told, shown), "Rows to train on", metric_label(told.metric))


def iteration_chart(name: str, runs: Sequence[str] | None = None) -> Any:
    """Draw the deciding metric by iteration, of candidates whose estimator predicts in stages."""
    told = experiment(name)
    frame = curves(name, ("iteration",), chosen(told, runs))
    if frame.empty:
        return tag("p", "None of these candidates predicts in stages.")
    given = set(frame["run"])
    scale = colours(told, [run for run in told.done if run.run in given])
    return draw_iterations(frame, scale, metric_label(told.metric))


def draw_iterations(frame: pd.DataFrame, scale: Any, up: str) -> Any:
    """Draw a metric, called ``up``, by iteration, on the rows to test on of the first fold."""
    return draw(frame, scale, "Iteration", up, dots=False)


def draw(frame: pd.DataFrame, scale: Any, across: str, up: str, *, dots: bool = True) -> Any:
    """Draw lines by candidate and series; a click in the legend chooses a candidate."""
    from analysis.report.charts import alt

    pick = alt.selection_point(fields=["candidate"], bind="legend", name="pick")
    key = legend(frame["candidate"].unique(), symbolType="stroke")
    kinds = list(dict.fromkeys(frame["series"]))
    kinds.sort(key=lambda kind: (kind == "train", kind))
    columns = ["candidate", "series", "x", "y"]
    base = (
        alt.Chart(frame[columns].round(_DIGITS))
        .encode(
            x=alt.X("x:Q").title(across).axis(format="~s" if dots else "d", tickCount=6),
            y=alt.Y("y:Q").title(up).scale(zero=False),
            color=alt.Color("candidate:N").scale(scale).legend(key),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.07)),
            tooltip=[
                alt.Tooltip("candidate:N", title="Candidate"),
                alt.Tooltip("series:N", title="Measured on"),
                alt.Tooltip("x:Q", title=across, format=",.0f"),
                alt.Tooltip("y:Q", title=up, format=".4"),
            ],
        )
        .properties(height=_HEIGHT)
    )
    dash = alt.StrokeDash("series:N").title(None)
    dash = dash.scale(domain=kinds, range=[[1, 0], [5, 4], [1, 3], [8, 3, 1, 3]][: len(kinds)])
    lines = base.mark_line(strokeWidth=1.8).encode(strokeDash=dash).add_params(pick)
    return lines + base.mark_circle(size=35) if dots else lines
