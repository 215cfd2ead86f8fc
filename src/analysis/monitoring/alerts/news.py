"""What there is to tell of alerts, to whom, and in which words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.monitoring.alerts.record import Alert

Kind = Literal["failure", "warning", "success"]
# It opened; it is over; both before it could be told.
News = Literal["opened", "closed", "passed"]


@dataclass(frozen=True)
class Message:
    """A message on the alerts of a model; ``kind`` is Apprise's, by which colours are chosen."""

    title: str
    body: str
    kind: Kind


def news_of(alert: Alert, recipient: str) -> News | None:
    """Say what the recipient with this id has not been told of an alert."""
    knows_of_it = f"{recipient}:opened" in alert.reached
    if alert.quiet or f"{recipient}:closed" in alert.reached:
        return None
    if alert.state != "closed":
        return None if knows_of_it else "opened"
    if knows_of_it:
        return "closed"
    # Who is new is not told of what others knew, and is over.
    return "passed" if alert.told is None else None


def told(alert: Alert, recipient: str) -> Alert:
    """Note that the recipient knows how the alert stands."""
    news = news_of(alert, recipient)
    if news is None:
        return alert
    known = {"opened": ("opened",), "closed": ("closed",), "passed": ("opened", "closed")}[news]
    reached = (*alert.reached, *(f"{recipient}:{one}" for one in known))
    return replace(alert, reached=reached)


def settled(alert: Alert, recipients: Collection[str], at: str) -> Alert:
    """Note when all recipients had been told; that is at once if there is none."""
    if alert.told is None and all(f"{one}:opened" in alert.reached for one in recipients):
        alert = replace(alert, told=at)
    over = alert.state == "closed" and alert.told_closed is None
    if over and all(news_of(alert, one) is None for one in recipients):
        alert = replace(alert, told_closed=at)
    return alert


def message_of(title: str, alerts: Sequence[Alert], recipient: str) -> Message | None:
    """Write what the recipient has not been told; ``title`` is what people call the model."""
    found = [(news, alert) for alert in alerts if (news := news_of(alert, recipient))]
    if not found:
        return None
    found.sort(key=lambda one: (one[0] != "opened", one[1].severity != "act"))
    counts = [
        f"{sum(news == kind for news, _ in found)} {words}"
        for kind, words in (("opened", "open"), ("closed", "over"), ("passed", "came and went"))
        if any(news == kind for news, _ in found)
    ]
    noun = "alert" if len(found) == 1 else "alerts"
    told_of = f"{title}: {len(found)} {noun} ({', '.join(counts)})"
    if len(counts) == 1:
        told_of = f"{title}: {counts[0].replace(' ', f' {noun} ', 1)}"
    lines = [line for news, alert in found for line in (*_lines(news, alert), "")]
    return Message(told_of, "\n".join(lines).strip(), _kind(found))


def _lines(news: News, alert: Alert) -> Iterable[str]:
    says = {"opened": alert.severity.upper(), "closed": "OVER", "passed": "CAME AND WENT"}[news]
    yield f"{says} {alert.rule} [{alert.alert}]"
    yield f"{alert.what}." + (f" First in {alert.period}." if _lasts(alert) else "")
    if alert.because:
        yield f"Why it matters: {alert.because}"
    if alert.who:
        yield f"For: {alert.who}"
    if alert.note:
        yield f"Over, as {alert.note}."
    if news == "opened":
        yield f'If you know of it: analysis monitor acknowledge {alert.alert} --why "…"'


def _lasts(alert: Alert) -> bool:
    return alert.period != alert.last_period


def _kind(found: Sequence[tuple[News, Alert]]) -> Kind:
    opened = {alert.severity for news, alert in found if news == "opened"}
    return "failure" if "act" in opened else "warning" if opened else "success"
