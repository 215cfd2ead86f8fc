"""All models in production in short: how each does, and why we say so."""

from __future__ import annotations

from typing import Any

from analysis.report.data.layout import WIDE
from analysis.report.experiments.words import plural
from analysis.report.formats import MISSING, number
from analysis.report.html import Html, code, join, prose, tag
from analysis.report.monitoring.drawing import sparkline
from analysis.report.monitoring.headlines import headlines
from analysis.report.monitoring.judging import expected
from analysis.report.monitoring.layout import number_table
from analysis.report.monitoring.links import monitor_link
from analysis.report.monitoring.read import all_monitored
from analysis.report.monitoring.told import Series, ToldMonitor
from analysis.report.monitoring.words import (
    coverage_said,
    ends,
    metric_label,
    status_badge,
    written,
)

_LABELS = {
    "model": "Model",
    "status": "Status",
    "period": "Last period",
    "numbers": "Latest numbers",
    "alerts": "Open alerts",
}
_ORDER = ("act", "watch", "healthy")


def monitor_table() -> Html:
    """List the monitored models, those first that need something done."""
    found = all_monitored()
    if not found:
        return tag("p", *_NONE)
    ranked = sorted(found, key=lambda told: (_rank(told.status), told.name))
    return number_table([_row(told) for told in ranked], _LABELS)


_NONE = (
    "No model is monitored yet. Predictions that a server logs are counted by ",
    code("analysis monitor update"),
    ".",
)


def _rank(status: str | None) -> int:
    return _ORDER.index(status) if status in _ORDER else len(_ORDER)


def _row(told: ToldMonitor) -> dict[str, Any]:
    name = tag("strong", monitor_link(told.model, told.name))
    return {
        "model": join([name, tag("small", told.model) if told.title else None]),
        "status": tag(
            "div", status_badge(told.status), tag("small", prose(told.reason)), style=WIDE
        ),
        "period": _last_period(told),
        "numbers": join(map(_headline, headlines(told))) or MISSING,
        "alerts": _alerts(told),
    }


def _last_period(told: ToldMonitor) -> Html:
    last = told.latest("rows")
    if last is None:
        return join(["none", tag("small", "nothing was predicted yet")])
    return join(
        [
            tag("b", last.period),
            tag("small", f"{number(last.value)} predictions"),
            tag("small", coverage_said(last)),
        ]
    )


def _headline(series: Series) -> Html:
    last = series[-1]
    reference = expected(last)
    beside = [ends(last), f"expected {written(last.metric, reference)}" if reference else ""]
    said = tag(
        "div",
        metric_label(last.metric),
        " ",
        tag("b", written(last.metric, last.value)),
        tag("small", "; ".join(filter(None, [last.period, *beside]))),
    )
    return tag("div", said, sparkline(series), style="min-width:11em;margin-bottom:.5em")


def _alerts(told: ToldMonitor) -> Html:
    found = told.open_alerts
    if not found:
        return Html("none")
    names = join([tag("small", prose(alert.rule)) for alert in found[:4]])
    more = tag("small", f"and {plural(len(found) - 4, 'other')}") if len(found) > 4 else None
    return join([tag("b", str(len(found))), names, more])
