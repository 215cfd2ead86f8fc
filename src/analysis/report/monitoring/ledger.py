"""What was estimated before labels came, next to what came true: how far to trust an estimate."""

from __future__ import annotations

from typing import Any

from analysis.monitoring.measuring.ledger import Entry
from analysis.monitoring.stored.record import ESTIMATED
from analysis.report.experiments.frames import frame_of
from analysis.report.experiments.words import plural
from analysis.report.html import Html, join, tag
from analysis.report.monitoring.layout import number_table, whole
from analysis.report.monitoring.panels import HEIGHT, WIDTH, across
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import (
    HEADLINES,
    coverage_said,
    metric_label,
    with_interval,
    written,
)
from analysis.report.palette import CATEGORIES

_METRICS = ("auc", "log_loss", "accuracy", "base_rate", "brier", "recall", "precision")
_DRAWN, _MOST = 4, 12
_TRUE, _GUESS = "came true", "estimated before"


def entries(told: ToldMonitor, metric: str) -> tuple[Entry, ...]:
    """Join the estimates of a metric with what came true."""
    return tuple(
        Entry(estimated, told.at(estimated.period, metric))
        for estimated in told.known(ESTIMATED + metric)
    )


def ledger_said(name: str) -> Html:
    """Say how often estimates held."""
    told = monitored(name)
    found = {metric: entries(told, metric) for metric in _metrics(told)}
    if not found:
        return tag("p", _NONE)
    said = [
        _held(metric, [e.inside for e in of if e.inside is not None])
        for metric, of in found.items()
    ]
    known = [one for one in said if one]
    if not known:
        return tag("p", _UNTESTED)
    held = [e.inside for of in found.values() for e in of if e.inside is not None]
    what = "What came true lay within the interval of the estimate "
    return tag("p", what, "; ".join(known), ". ", _trust(sum(held) / len(held)))


def _trust(share: float) -> str:
    """Say how far to trust estimates of which such a share held."""
    if share >= _MOSTLY:
        return "Estimates have held so far, and tell something of periods without labels."
    if share >= _SELDOM:
        return "Estimates hold in part only: take them as a hint, and wait for labels."
    return "Estimates have not held for this model: only labels tell how good it is."


_MOSTLY, _SELDOM = 0.9, 0.5


_NONE = (
    "For this model nothing is estimated before labels come: that takes probabilities of a yes or "
    "no, in periods with enough rows."
)
_UNTESTED = (
    "No period has both an estimate with an interval and labels, so nothing shows yet how far "
    "estimates are to be trusted."
)


def _held(metric: str, held: list[bool]) -> str:
    if not held:
        return ""
    return f"in {sum(held)} of {plural(len(held), 'period')} for {metric_label(metric)}"


def _metrics(told: ToldMonitor) -> list[str]:
    order = dict.fromkeys((*HEADLINES.get(told.task or "", ()), *_METRICS))
    return [metric for metric in order if told.known(ESTIMATED + metric)]


def ledger_table(name: str) -> Html:
    """List estimates next to what came true, of the last periods."""
    told = monitored(name)
    names = _metrics(told)[:_DRAWN]
    if not names:
        return Html("")
    found = {metric: {e.estimate.period: e for e in entries(told, metric)} for metric in names}
    shown = [p for p in told.periods if any(p in of for of in found.values())][-_MOST:]
    rows = [
        {"period": join([whole(period), _cover(found, period)]), **_cells(found, period)}
        for period in reversed(shown)
    ]
    labels = {"period": "Period"} | {metric: metric_label(metric) for metric in names}
    return with_queries(told, [ESTIMATED + m for m in names], number_table(rows, labels))


def _cells(found: dict[str, dict[str, Entry]], period: str) -> dict[str, Html]:
    return {metric: _cell(metric, of[period]) for metric, of in found.items() if period in of}


def _cover(found: dict[str, dict[str, Entry]], period: str) -> Html:
    true = next(
        (of[period].came_true for of in found.values() if period in of and of[period].came_true),
        None,
    )
    return tag("small", coverage_said(true))


def _cell(metric: str, entry: Entry) -> Html:
    true = (
        f"came true: {written(metric, entry.came_true.value)}"
        if entry.came_true
        else "not known yet"
    )
    outside = tag("small", tag("strong", "outside the interval")) if entry.inside is False else None
    return join([with_interval(entry.estimate), tag("small", true), outside])


def ledger_chart(name: str) -> Any:
    """Draw estimates with their intervals, and what came true, by period."""
    told = monitored(name)
    names = _metrics(told)[:_DRAWN]
    if not names:
        return tag("p", "There is no estimate to draw.")
    from analysis.report.charts import alt

    panels = [_panel(told, metric) for metric in names]
    return alt.concat(*panels, columns=2, spacing=24)


def _panel(told: ToldMonitor, metric: str) -> Any:
    from analysis.report.charts import alt

    points = [p for entry in entries(told, metric) for p in _points(entry)]
    domain = [_GUESS, _TRUE]
    colour = alt.Color("what:N").scale(domain=domain, range=[CATEGORIES[1], CATEGORIES[0]])
    shape = alt.Shape("what:N").scale(domain=domain, range=["diamond", "circle"])
    key = alt.Legend(title=None)
    base = alt.Chart(frame_of(points)).encode(x=across(told.periods), color=colour.legend(key))
    is_share = written(metric, 0.5).endswith("%")
    y = alt.Y("y:Q").title(None).scale(zero=False)
    y = y.axis(alt.Axis(tickCount=5, format="~%" if is_share else alt.Undefined))
    bands = base.transform_filter(f"datum.what == '{_GUESS}'").mark_rule(
        strokeWidth=5, opacity=0.35
    )
    dots = base.mark_point(size=55, aria=False).encode(
        y=y,
        shape=shape.legend(key),
        tooltip=[
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("what:N", title="What"),
            alt.Tooltip("told:N", title=metric_label(metric)),
        ],
    )
    layers: Any = bands.encode(y=alt.Y("low:Q").scale(zero=False), y2="high:Q") + dots
    return layers.properties(width=WIDTH, height=HEIGHT, title=metric_label(metric))


def _points(entry: Entry) -> list[dict[str, Any]]:
    found = []
    for what, shown in ((_GUESS, entry.estimate), (_TRUE, entry.came_true)):
        if shown is not None:
            found.append(
                {
                    "period": shown.period,
                    "what": what,
                    "y": shown.value,
                    "low": shown.low,
                    "high": shown.high,
                    "told": written(shown.metric, shown.value),
                }
            )
    return found
