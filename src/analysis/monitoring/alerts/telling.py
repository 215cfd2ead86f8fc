"""Telling all who are to know of alerts, each of everything once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from analysis.errors import AnalysisError
from analysis.monitoring.alerts.addresses import Recipient
from analysis.monitoring.alerts.evaluating import written
from analysis.monitoring.alerts.news import Message, message_of, settled, told
from analysis.monitoring.alerts.record import Alert
from analysis.monitoring.declared.record import Monitor

Send = Callable[[Recipient, Message], None]
Keep = Callable[[Sequence[Alert]], object]


def tell(
    monitor: Monitor, alerts: Sequence[Alert], now: datetime, send: Send, keep: Keep
) -> tuple[AnalysisError, ...]:
    """Tell each recipient what they do not know yet, in one message; give what went wrong.

    What has been told is kept at once, before the next one is told. Who is not reached is told the
    next time. Only if the machine stops between the sending and the keeping is it told again, with
    the same id.
    """
    recipients = [Recipient(address, monitor.where) for address in dict.fromkeys(monitor.notify)]
    ids, failures = [one.id for one in recipients], list[AnalysisError]()
    for recipient in recipients:
        message = message_of(monitor.title or monitor.model, alerts, recipient.id)
        if message is None:
            continue
        try:
            send(recipient, message)
        except AnalysisError as error:
            failures.append(error)
            continue
        alerts = [told(alert, recipient.id) for alert in alerts]
        keep(alerts)
    keep([settled(alert, ids, written(now)) for alert in alerts])
    return tuple(failures)
