"""How good a model is in production, period by period, next to what it was in training."""

from __future__ import annotations

from typing import Any

from analysis.report.formats import number
from analysis.report.html import Html, join, tag
from analysis.report.monitoring.judging import Verdict, verdict
from analysis.report.monitoring.layout import number_table, whole
from analysis.report.monitoring.panels import panel_chart, panel_of
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import (
    BEST,
    PERFORMANCE,
    coverage_said,
    metric_label,
    with_interval,
)

_MOST = 12  # periods of the table


def performance_said(name: str) -> Html:
    """Say in a sentence or two how the last period with labels was."""
    told = monitored(name)
    names = (*PERFORMANCE, "observed_expected")
    numbers = [n for metric in names if (n := told.latest(metric)) and metric in BEST]
    if not numbers:
        return tag("p", _NO_LABELS)
    last = max(numbers, key=lambda number: number.begin)
    here = [n for n in numbers if n.period == last.period]
    worse = [n for n in here if verdict(n) is Verdict.WORSE]
    better = [n for n in here if verdict(n) is Verdict.BETTER]
    said = [
        f"In {last.period} {coverage_said(last)} of {number(last.rows)} predictions.",
        _compared("worse", [metric_label(n.metric) for n in worse]),
        _compared("better", [metric_label(n.metric) for n in better]),
    ]
    if not worse and not better:
        said.append(_SAME if any(verdict(n) is Verdict.SAME for n in here) else _ALONE)
    return tag("p", " ".join(filter(None, said)))


_NO_LABELS = (
    "No labels have come in yet, so nobody knows how good the predictions were. What the model "
    "itself expects is in the ledger below."
)
_SAME = "No measure differs from training by more than chance explains."
_ALONE = "There is nothing to compare it with."


def _compared(how: str, labels: list[str]) -> str:
    if not labels:
        return ""
    return f"{how.capitalize()} than in training by more than chance explains: {', '.join(labels)}."


def performance_chart(name: str) -> Any:
    """Draw each measure by period with its interval; dashed is the estimate of the training."""
    told = monitored(name)
    found = [told.known(metric) for metric in PERFORMANCE]
    panels = [panel_of(series) for series in found if series]
    if not panels:
        return tag("p", "There is no measure of performance to draw yet.")
    return panel_chart(panels, told.periods)


def performance_table(name: str) -> Html:
    """Write the measures of the last periods, with the share of rows that has labels."""
    told = monitored(name)
    names = [metric for metric in (*PERFORMANCE, "observed_expected") if told.known(metric)]
    if not names:
        return Html("")
    labels = {"period": "Period", "rows": "Rests on"} | {m: metric_label(m) for m in names}
    shown = told.periods[-_MOST:]
    rows = [_row(told, period, names) for period in reversed(shown)]
    return with_queries(told, names, number_table(rows, labels))


def _row(told: ToldMonitor, period: str, names: list[str]) -> dict[str, Any]:
    found = {metric: told.at(period, metric) for metric in names}
    counted = told.at(period, "rows") or next(filter(None, found.values()), None)
    on = (
        join([whole(f"{number(counted.rows)} rows"), tag("small", coverage_said(counted))])
        if counted
        else None
    )
    cells = {
        metric: _cell(n, n is not None and verdict(n) is Verdict.WORSE)
        for metric, n in found.items()
    }
    return {"period": whole(period), "rows": on, **cells}


def _cell(shown: Any, is_worse: bool) -> Html:
    return join(
        [with_interval(shown), tag("small", "worse than in training") if is_worse else None]
    )
