"""An alert: that a rule fired, from when to when, and who knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.monitoring.declared.record import Severity

State = Literal["open", "acknowledged", "closed"]


@dataclass(frozen=True)
class Key:
    """What an alert is about: one rule, on one field or part of a segment, of a version and arm."""

    rule: str
    metric: str
    of: str
    part: str
    version: str | None
    arm: str | None


@dataclass(frozen=True)
class Alert:
    """One event: a line of ``alerts.json``, and a row of ``meta.alerts``.

    ``period`` is the one in which the rule fired first, ``last_period`` the last one beyond the
    ``limit``, with its ``value``, which is ``None`` if it is infinite. ``what`` says it in a
    sentence, ``because`` why the rule is there, ``note`` why it is over if no period says so.
    ``opened``, ``acknowledged`` and ``closed`` are when we saw it, in UTC. ``told`` and
    ``told_closed`` are when all addresses had been told, ``reached`` which have been of what.
    ``quiet``: it was over before anyone could be told.
    """

    alert: str
    model: str
    rule: str
    metric: str
    of: str
    part: str
    version: str | None
    arm: str | None
    severity: Severity
    who: str | None
    because: str | None
    state: State
    what: str
    period: str
    last_period: str
    value: float | None
    limit: float
    opened: str
    acknowledged: str | None = None
    acknowledged_by: str | None = None
    why: str | None = None
    closed: str | None = None
    note: str | None = None
    told: str | None = None
    told_closed: str | None = None
    reached: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def key(self) -> Key:
        """Say what it is about."""
        return Key(self.rule, self.metric, self.of, self.part, self.version, self.arm)

    @property
    def waits(self) -> bool:
        """Say whether it is open, and nobody has said that they know."""
        return self.state == "open"
