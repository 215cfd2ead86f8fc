"""Alerts on a model, open and past, by rule, each with the numbers that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.report.data.layout import badge
from analysis.report.experiments.words import moment, plural
from analysis.report.html import Html, join, prose, tag
from analysis.report.monitoring.advice import advice
from analysis.report.monitoring.drawing import small_chart
from analysis.report.monitoring.glance import by_rule, happened, matters
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.told import Series, ToldAlert, ToldMonitor
from analysis.report.monitoring.words import metric_label, of_label, status_colour

_PAST = 12  # alerts
_DRAWN = 6  # alerts of a rule


def open_alerts(name: str) -> Html:
    """Show the alerts that stand, the gravest first."""
    told = monitored(name)
    if not told.open_alerts:
        return tag("p", "No alert is open.")
    return join([_card(told, alerts) for alerts in by_rule(told.open_alerts)])


def past_alerts(name: str) -> Html:
    """Show the alerts that are over, the last first."""
    told = monitored(name)
    past = [alert for alert in told.alerts if not alert.is_open]
    if not past:
        return tag("p", "No alert was closed so far.")
    cards = [_card(told, alerts) for alerts in by_rule(past[:_PAST])]
    return join([*cards, _more(len(past) - _PAST, "earlier alert")])


def _more(left: int, what: str) -> Html | None:
    if left <= 0:
        return None
    return tag("p", prose(f"{plural(left, what)} more can be read in `meta.alerts`."))


def _card(told: ToldMonitor, alerts: Sequence[ToldAlert]) -> Html:
    first = alerts[0]
    title = tag("strong", prose(first.rule), ": ", metric_label(first.metric))
    severity = badge(first.severity or "watch", status_colour(first.severity))
    said = [
        tag("p", title, " ", severity, style="margin:0 0 .3em"),
        tag("p", prose(first.because), style=_CLOSE) if first.because else None,
        *(_alert(told, alert) for alert in alerts[:_DRAWN]),
        _more(len(alerts) - _DRAWN, "alert of this rule"),
        _consequences(told, alerts) if first.is_open else None,
    ]
    return tag("section", *said, style=_CARD.format(colour=status_colour(first.severity)))


_CARD = (
    "border-left:4px solid {colour};padding:.2em 0 .2em 1em;margin:0 0 1.6em;overflow-wrap:anywhere"
)
_CLOSE = "margin:.3em 0"


def _alert(told: ToldMonitor, alert: ToldAlert) -> Html:
    series = _series(told, alert)
    inside = [n for n in series if alert.period <= n.period <= (alert.last_period or "~")]
    marked = [n.period for n in inside if _is_beyond(alert, n.value)]
    of = tag("strong", of_label(alert.of, alert.part), ". ") if alert.of else None
    return tag(
        "div",
        tag("p", of, happened(told, alert), style=_CLOSE),
        small_chart(series, alert.limit, marked),
        tag("p", " · ".join(_facts(told, alert)), style="margin:.2em 0 1em;font-size:.85em"),
    )


def _is_beyond(alert: ToldAlert, value: float | None) -> bool:
    """Say whether a value is on the side of the limit on which the alert opened."""
    if value is None or alert.limit is None or alert.value is None:
        return True
    return value >= alert.limit if alert.value >= alert.limit else value <= alert.limit


def _consequences(told: ToldMonitor, alerts: Sequence[ToldAlert]) -> Html:
    said = dict.fromkeys(matters(told, alert) for alert in alerts)
    to_do = advice(alerts[0].metric).to_do
    return join(
        [
            tag("p", tag("strong", "Does it matter? "), " ".join(said), style=_CLOSE),
            tag("p", tag("strong", "What to do. "), to_do, style=_CLOSE),
        ]
    )


def _series(told: ToldMonitor, alert: ToldAlert) -> Series:
    """Give the numbers that an alert is about: of its version and arm, if it is of one."""
    about = (alert.metric, alert.of, alert.part)
    own = [
        n
        for n in told.numbers
        if (n.metric, n.of, n.part) == about
        and (n.version, n.arm) == (alert.version, alert.arm)
        and n.value is not None
    ]
    return tuple(own) or told.known(*about)


def _facts(told: ToldMonitor, alert: ToldAlert) -> list[str]:
    last = alert.last_period
    between = alert.period if last in (None, alert.period) else f"{alert.period} to {last}"
    seen = f"seen {_moment(alert.acknowledged)} by {alert.acknowledged_by or 'somebody'}"
    known = [
        between,
        told.version(alert.version) if alert.version else None,
        f"arm {alert.arm}" if alert.arm else None,
        f"opened {_moment(alert.opened)}" if alert.opened else None,
        f"for {alert.who}" if alert.who else None,
        f"{seen}{f': {alert.why}' if alert.why else ''}" if alert.acknowledged else None,
        f"closed {_moment(alert.closed)}{f': {alert.note}' if alert.note else ''}"
        if alert.closed
        else None,
    ]
    return [fact for fact in known if fact]


def _moment(at: datetime | None) -> str:
    return moment(str(at)) if at else ""
