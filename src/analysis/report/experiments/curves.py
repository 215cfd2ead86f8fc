"""ROC, precision and recall, and calibration of several runs, laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.report.experiments.chosen import chosen, colours, legend
from analysis.report.experiments.panels import CALIBRATION, Panel, deviation, panel
from analysis.report.experiments.read import curves, experiment
from analysis.report.html import tag

if TYPE_CHECKING:
    import pandas as pd

_KINDS = ("roc", "precision_recall", CALIBRATION)
# Sides of a panel in pixels: with two, and with three beside each other.
_TWO, _THREE = 240, 136
_MOST_CLASSES = 6


def curve_chart(name: str, runs: Sequence[str] | None = None) -> Any:
    """Lay the curves of several runs over each other; the legend chooses among them.

    ``runs`` are names of runs or candidates. By default the best three, the baseline and the best
    of each declared candidate.
    """
    told = experiment(name)
    shown = chosen(told, runs)
    frame = curves(name, _KINDS, shown)
    if frame.empty:
        return tag("p", "None of the candidates has such curves.")
    return draw(frame, colours(told, shown))


def draw(frame: pd.DataFrame, scale: Any) -> Any:
    """Draw the curves of a frame with ``candidate``, ``curve``, ``series``, ``x``, ``y`` …"""
    from analysis.report.charts import alt

    classes = list(dict.fromkeys(frame["series"]))[:_MOST_CLASSES]
    side = _TWO if len(classes) == 1 else _THREE
    pick = alt.selection_point(fields=["candidate"], bind="legend", name="pick")
    key = legend(frame["candidate"].unique(), symbolType="stroke")
    colour = alt.Color("candidate:N").scale(scale).legend(key)
    look = Panel(side, colour, alt.condition(pick, alt.value(1), alt.value(0.07)), pick)
    panels: list[Any] = []
    for one in classes:
        here = frame[frame["series"] == one]
        of = "" if len(classes) == 1 else f" of {one}"
        for kind in _KINDS:
            if (here["curve"] == kind).any():
                panels.append(panel(here[here["curve"] == kind], kind, look, of))
                look = replace(look, pick=None)
        if len(classes) == 1 and (here["curve"] == CALIBRATION).any():
            panels.append(deviation(here[here["curve"] == CALIBRATION], look))
    return alt.concat(*panels, columns=2 if len(classes) == 1 else len(_KINDS), spacing=20)
