"""How a model does, in one word and a reason, as its rules and alerts say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.monitoring.alerts.evaluating import Judged
from analysis.monitoring.alerts.record import Alert
from analysis.monitoring.declared.record import FILE, Monitor

Word = Literal["healthy", "watch", "act", "unknown"]


@dataclass(frozen=True)
class Status:
    """A word, and a sentence that says why it is that one."""

    word: Word
    reason: str


def status_of(
    monitor: Monitor, alerts: Sequence[Alert], judged: Sequence[Judged], rows: int
) -> Status:
    """Say how a model does: as its gravest alert, also one that somebody knows of."""
    going = [alert for alert in alerts if alert.state != "closed"]
    if going:
        gravest = [alert for alert in going if alert.severity == "act"] or going
        first = gravest[-1]
        return Status(first.severity, f"{first.what}.{_known(first)}{_others(len(going) - 1)}")
    if not rows:
        return Status("unknown", "There are no predictions yet.")
    if not monitor.rules:
        return Status("unknown", f"No rule is declared for it in {FILE}.")
    counting = [one.series.rule.name for one in judged if any(p.counts for p in one.series.points)]
    if not counting:
        return Status("unknown", "No period counts yet for any rule.")
    silent = len(monitor.rules) - len(set(counting))
    told = "One rule holds" if len(set(counting)) == 1 else f"All {len(set(counting))} rules hold"
    noun = "one has" if silent == 1 else f"{silent} have"
    return Status("healthy", f"{told}." if not silent else f"{told}; {noun} nothing to go by yet.")


def _known(alert: Alert) -> str:
    if alert.state != "acknowledged":
        return ""
    who = alert.acknowledged_by or "Somebody"
    return f" {who} knows of it: {alert.why}."


def _others(count: int) -> str:
    if not count:
        return ""
    return " One more alert is open." if count == 1 else f" {count} more alerts are open."
