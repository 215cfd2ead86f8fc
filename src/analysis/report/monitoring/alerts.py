"""Alerts on a model, open and past, each with the numbers that it is about."""

from __future__ import annotations

from datetime import datetime

from analysis.report.data.layout import badge, facts
from analysis.report.experiments.words import moment, plural
from analysis.report.html import Html, join, prose, tag
from analysis.report.monitoring.advice import advice
from analysis.report.monitoring.drawing import small_chart
from analysis.report.monitoring.glance import happened, matters
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.told import Series, ToldAlert, ToldMonitor
from analysis.report.monitoring.words import metric_label, of_label, status_colour
from analysis.report.palette import CATEGORIES

_PAST = 12


def open_alerts(name: str) -> Html:
    """Show the alerts that stand, the gravest first."""
    told = monitored(name)
    if not told.open_alerts:
        return tag("p", "No alert is open.")
    return join([_card(told, alert) for alert in told.open_alerts])


def past_alerts(name: str) -> Html:
    """Show the alerts that are over, the last first."""
    told = monitored(name)
    past = [alert for alert in told.alerts if not alert.is_open]
    if not past:
        return tag("p", "No alert was closed so far.")
    cards = [_card(told, alert) for alert in past[:_PAST]]
    left = len(past) - _PAST
    more = tag("p", f"{plural(left, 'earlier alert')} can be asked for in `meta.alerts`.")
    return join([*cards, more if left > 0 else None])


def _card(told: ToldMonitor, alert: ToldAlert) -> Html:
    of = f" of {of_label(alert.of, alert.part)}" if alert.of else ""
    title = tag("strong", prose(alert.rule), ": ", metric_label(alert.metric), of)
    series = _series(told, alert)
    marked = [n.period for n in series if alert.period <= n.period <= (alert.last_period or "~")]
    chart = small_chart(series, alert.limit, marked)
    said = [
        tag("p", title, " ", _badges(alert), style="margin:0 0 .3em"),
        tag("p", happened(told, alert), " ", prose(alert.because), style="margin:0 0 .3em"),
        chart,
        _consequences(told, alert) if alert.is_open else None,
        facts(_facts(alert)),
    ]
    return tag("section", *said, style=_CARD.format(colour=status_colour(alert.severity)))


_CARD = (
    "border-left:4px solid {colour};padding:.2em 0 .2em 1em;margin:0 0 1.4em;overflow-wrap:anywhere"
)


def _consequences(told: ToldMonitor, alert: ToldAlert) -> Html:
    return join(
        [
            tag(
                "p", tag("strong", "Does it matter? "), matters(told, alert), style="margin:.3em 0"
            ),
            tag(
                "p",
                tag("strong", "What to do. "),
                advice(alert.metric).to_do,
                style="margin:.3em 0",
            ),
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


def _badges(alert: ToldAlert) -> Html:
    severity = badge(alert.severity or "watch", status_colour(alert.severity))
    state = badge(alert.state, CATEGORIES[6])
    return join([severity, state], " ")


def _facts(alert: ToldAlert) -> dict[str, object]:
    last = alert.last_period
    between = alert.period if last in (None, alert.period) else f"{alert.period} to {last}"
    seen = join([_moment(alert.acknowledged), f" by {alert.acknowledged_by or 'somebody'}"])
    return {
        "Periods": between,
        "Of": ", ".join(filter(None, [alert.version and f"version {alert.version}", alert.arm])),
        "Opened": _moment(alert.opened),
        "For": alert.who,
        "Seen": seen if alert.acknowledged else None,
        "Said": prose(alert.why) if alert.why else None,
        "Closed": join([_moment(alert.closed), f": {alert.note}" if alert.note else None])
        if alert.closed
        else None,
    }


def _moment(at: datetime | None) -> str | None:
    return moment(str(at)) if at else None
