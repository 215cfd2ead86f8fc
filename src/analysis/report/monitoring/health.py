"""What the log says of the service, and of the values that reach the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.monitoring.stored.record import Measurement
from analysis.report.data.layout import facts, listing
from analysis.report.experiments.words import plural
from analysis.report.formats import number
from analysis.report.html import Html, code, join, prose, tag
from analysis.report.monitoring.drawing import sparkline
from analysis.report.monitoring.layout import number_table
from analysis.report.monitoring.panels import Panel, panel_chart, panel_of
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import metric_label, of_label, written

_SERVICE = ("rows", "error_rate", "latency_p50", "latency_p95", "latency_p99")
_VALUES = ("nulls", "unseen", "out_of_range", "absent", "mistyped")
_DRAWN = ("rows", "latency_p95", "error_rate")
_LEAST = 0.0005  # shares that are less than this are written as nothing


def service_chart(name: str) -> Any:
    """Draw volume, latency and refused requests by period."""
    told = monitored(name)
    panels = [_panel(told, metric) for metric in _DRAWN if told.known(metric)]
    if not panels:
        return tag("p", "Nothing was logged yet.")
    return panel_chart(panels, told.periods)


def _panel(told: ToldMonitor, metric: str) -> Panel:
    title = f"{metric_label(metric)}{' (ms)' if metric.startswith('latency') else ''}"
    return panel_of(told.known(metric), title, zero=True)


def service_table(name: str) -> Html:
    """List volume, latency and refused requests of the last periods."""
    told = monitored(name)
    names = [metric for metric in _SERVICE if told.known(metric)]
    if not names:
        return Html("")
    rows = [
        {"period": period, **_service(told, period, names)}
        for period in reversed(told.periods[-12:])
    ]
    labels = {"period": "Period"} | {metric: metric_label(metric) for metric in names}
    return with_queries(told, names, number_table(rows, labels, names))


def _service(told: ToldMonitor, period: str, names: list[str]) -> dict[str, str]:
    found = {metric: told.at(period, metric) for metric in names}
    return {metric: written(metric, n.value) for metric, n in found.items() if n}


def value_table(name: str) -> Html:
    """List the fields with values that training did not have, in the last period."""
    told = monitored(name)
    fields = dict.fromkeys(of for metric in _VALUES for of in told.fields(metric))
    if not fields:
        return tag("p", "Nothing is known of the values that reach the model.")
    rows = [row for of in fields if (row := _row(told, of))]
    if not rows:
        return tag("p", _ALL_WELL.format(plural(len(fields), "field")))
    names = [metric for metric in _VALUES if any(metric in row for row in rows)]
    labels = {"field": "Field"} | {m: metric_label(m) for m in names} | {"line": "By period"}
    return with_queries(told, names, number_table(rows, labels))


_ALL_WELL = (
    "In the last period all values of {} were there, known, of the right type, and within the "
    "range of the training, as far as that is so in training itself."
)


def _row(told: ToldMonitor, of: str) -> dict[str, Any]:
    found = {metric: n for metric in _VALUES if (n := told.latest(metric, of))}
    odd = {m: n for m, n in found.items() if (n.value or 0) - (n.reference or 0) >= _LEAST}
    if not odd:
        return {}
    worst = max(odd, key=lambda metric: odd[metric].value or 0.0)
    cells = {
        metric: join(
            [
                tag("b", written(metric, shown.value)),
                tag("small", f"in training {written(metric, shown.reference)}")
                if shown.reference is not None
                else None,
            ]
        )
        for metric, shown in odd.items()
    }
    return {"field": code(of_label(of)), "line": sparkline(told.known(worst, of)), **cells}


def log_notes(name: str) -> Html:
    """Say what is odd about the log and the labels; nothing of it is dropped in silence."""
    told = monitored(name)
    counted = told.counted
    said = {
        "Predictions": number(told.rows),
        "With labels": number(told.labelled),
        "Logged twice": number(counted.duplicates),
        "Late labels": number(counted.late_labels),
        "Labels twice": number(counted.duplicate_labels),
        "Labels that contradict": number(counted.contradicting_labels),
        "Labels of nothing": number(counted.unmatched_labels),
    }
    notes = listing([prose(note) for note in _notes(told)], "Nothing else is to be noted.")
    return join([facts(said), notes])


def _notes(told: ToldMonitor) -> list[str]:
    """Give notes on the model, and those on its numbers with how many are concerned."""
    on: dict[str, list[Measurement]] = {}
    for shown in told.numbers:
        if shown.note and not shown.of:
            on.setdefault(shown.note, []).append(shown)
    return [*told.notes, *(_noted(note, numbers) for note, numbers in on.items())]


def _noted(note: str, numbers: Sequence[Measurement]) -> str:
    metrics = list(dict.fromkeys(metric_label(n.metric) for n in numbers))
    periods = list(dict.fromkeys(n.period for n in numbers))
    more = f" and {len(metrics) - _NAMED} others" if len(metrics) > _NAMED else ""
    when = periods[0] if len(periods) == 1 else f"{len(periods)} periods, last {periods[-1]}"
    return f"{', '.join(metrics[:_NAMED])}{more}, {when}: {note}"


_NAMED = 4
