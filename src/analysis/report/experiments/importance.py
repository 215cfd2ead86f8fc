"""Which columns the candidates rely on: what the score loses when a column is shuffled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.report.experiments.chosen import chosen
from analysis.report.experiments.read import curves, experiment
from analysis.report.experiments.words import metric_label
from analysis.report.html import tag

if TYPE_CHECKING:
    import pandas as pd

_MOST = 30  # columns; more rows than this nobody reads
_ROW, _COLUMN = 24, 78  # pixels of a tile
_LEAST = 440  # pixels of all tiles, so that a phone scrolls the chart rather than shrinks it


def importance_chart(name: str, runs: Sequence[str] | None = None) -> Any:
    """Draw how much the deciding metric loses by column, of several candidates side by side."""
    told = experiment(name)
    shown = [run for run in chosen(told, runs) if run.run != told.baseline]
    frame = curves(name, ("importance",), shown)
    if frame.empty:
        return tag("p", "None of the candidates tells which columns it relies on.")
    given = set(frame["run"])
    candidates = [told.labels[run.run] for run in shown if run.run in given]
    return _heat(frame, candidates, f"Loss of {metric_label(told.metric)}")


def _heat(frame: pd.DataFrame, candidates: list[str], title: str) -> Any:
    from analysis.report.charts import alt

    means = frame.groupby("name")["y"].mean().sort_values(ascending=False)
    columns = list(means.index[:_MOST])
    kept = frame[frame["name"].isin(columns)]
    kept = kept[["candidate", "name", "y", "low", "high"]].round(5)
    highest = float(kept["y"].max() or 1)
    base = alt.Chart(kept).encode(
        x=alt.X("candidate:N", sort=candidates)
        .title(None)
        .axis(orient="top", labelAngle=-35, labelLimit=230, labelAlign="left"),
        y=alt.Y("name:N", sort=columns).title(None).axis(labelLimit=240),
        tooltip=[
            alt.Tooltip("candidate:N", title="Candidate"),
            alt.Tooltip("name:N", title="Column"),
            alt.Tooltip("y:Q", title=title, format=".4f"),
            alt.Tooltip("low:Q", title="From", format=".4f"),
            alt.Tooltip("high:Q", title="To", format=".4f"),
        ],
    )
    scale = alt.Scale(domain=[0, highest], clamp=True)
    legend = alt.Legend(title=title, orient="bottom", gradientLength=200, tickCount=3)
    tiles = base.mark_rect().encode(color=alt.Color("y:Q").scale(scale).legend(legend))
    dark = f"datum.y > {highest * 0.55}"
    words = base.mark_text(fontSize=11).encode(
        text=alt.Text("y:Q", format=".3f"),
        color=alt.condition(dark, alt.value("white"), alt.value("#1d242c")),
    )
    layers: Any = tiles + words
    return layers.properties(
        width=max(_COLUMN * len(candidates), _LEAST),
        height=alt.Step(_ROW),
        autosize=alt.AutoSizeParams(type="pad"),
    )


def draw(frame: pd.DataFrame, metric: str) -> Any:
    """Draw the importance of each column for one candidate, with intervals."""
    from analysis.report.charts import alt, dots

    columns = list(frame.sort_values("y", ascending=False)["name"][:_MOST])
    kept = frame[frame["name"].isin(columns)][["name", "y", "low", "high"]].round(6)
    chart = alt.Chart(kept).encode(
        y=alt.Y("name:N", sort=columns).title(None).axis(labelLimit=240),
        tooltip=[
            alt.Tooltip("name:N", title="Column"),
            alt.Tooltip("y:Q", title="Loss", format=".4f"),
            alt.Tooltip("low:Q", title="From", format=".4f"),
            alt.Tooltip("high:Q", title="To", format=".4f"),
        ],
    )
    across = (
        alt.X("y:Q")
        .axis(tickCount=5)
        .title(f"Loss of {metric_label(metric)} when the column is shuffled")
    )
    layers: Any = dots(chart, across)
    return layers.properties(
        width=_LEAST, height=alt.Step(_ROW), autosize=alt.AutoSizeParams(type="pad")
    )
