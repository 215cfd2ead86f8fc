"""How a model does, in one line for those who rely on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from analysis.monitoring.stored.record import Measurement

State = Literal["healthy", "watch", "act"]
# Observed by expected: what is off by less than this is no matter for a decision.
_OFF = 0.1
# Metrics that are better if high, and those that are better if low.
_HIGH, _LOW = ("auc", "accuracy"), ("rmse", "mae")
_WORDS = {"auc": "AUC", "accuracy": "accuracy", "rmse": "RMSE", "mae": "mean error"}


class Told(Protocol):
    """An alert, as far as the status needs it."""

    @property
    def severity(self) -> str:
        """Give ``watch`` or ``act``."""

    @property
    def state(self) -> str:
        """Give ``open``, ``acknowledged`` or ``closed``."""

    @property
    def what(self) -> str:
        """Say what happened."""

    @property
    def acknowledged_by(self) -> str | None:
        """Name who knows of it."""

    @property
    def why(self) -> str | None:
        """Give what they say of it."""


@dataclass(frozen=True)
class Status:
    """The state, and what happened, whether it matters and what to do."""

    state: State
    reason: str


def status(measurements: Iterable[Measurement], alerts: Iterable[Told]) -> Status:
    """Judge a model by its open alerts, else by the last period of which labels have come."""
    open_alerts = [alert for alert in alerts if alert.state != "closed"]
    if open_alerts:
        return _of_alerts(open_alerts)
    whole = [one for one in measurements if one.version is None and one.arm is None]
    whole = [one for one in whole if not one.of and one.value is not None]
    if not any(one.metric == "rows" and one.value for one in whole):
        return Status("watch", "No predictions yet: there is nothing to judge.")
    known = [one for one in whole if one.metric == "coverage" and one.labelled]
    if not known:
        return Status("watch", "No labels yet: whether predictions come true is not known.")
    last = max(known, key=lambda one: one.begin)
    return _of_period(last, {o.metric: o for o in whole if o.begin == last.begin})


def _of_alerts(alerts: Sequence[Told]) -> Status:
    worst = sorted(alerts, key=lambda alert: (alert.severity != "act", alert.state != "open"))
    more = f" And {len(worst) - 1} more." if len(worst) > 1 else ""
    known = _known(worst[0]) if worst[0].state == "acknowledged" else ""
    state: State = "act" if worst[0].severity == "act" else "watch"
    what = worst[0].what.rstrip(".")
    return Status(state, f"{what[:1].upper()}{what[1:]}.{known}{more}")


def _known(alert: Told) -> str:
    who = f"{alert.acknowledged_by} knows of it" if alert.acknowledged_by else "It is known"
    return f" {who}: {alert.why.rstrip('.')}." if alert.why else f" {who}."


def _of_period(last: Measurement, found: dict[str, Measurement]) -> Status:
    wrong = [*_calibration(found), *_worse(found)]
    covered = f"labels cover {100 * (last.value or 0):.0f} %"
    if wrong:
        todo = "Look at the inputs and segments; train again if it lasts."
        return Status("watch", f"In {last.period} ({covered}) {' and '.join(wrong)}. {todo}")
    told = ", ".join(_fine(found)) or "nothing is out of the ordinary"
    return Status("healthy", f"In {last.period} ({covered}) {told}. Nothing to do.")


def _calibration(found: dict[str, Measurement]) -> Iterator[str]:
    one = found.get("observed_expected")
    if one is None or one.value is None or one.low is None or one.high is None:
        return
    if one.low <= 1 <= one.high or abs(one.value - 1) < _OFF:
        return
    way = "more" if one.value > 1 else "less"
    yield f"{100 * one.value:.0f} came true for each 100 expected: {way} than predicted"


def _worse(found: dict[str, Measurement]) -> Iterator[str]:
    for name in (*_HIGH, *_LOW):
        one = found.get(name)
        if one is None or one.reference is None or one.low is None or one.high is None:
            continue
        worse = one.high < one.reference if name in _HIGH else one.low > one.reference
        if worse:
            yield f"{_WORDS[name]} was {one.value:.3g}, worse than {one.reference:.3g} in training"
            return


def _fine(found: dict[str, Measurement]) -> Iterator[str]:
    balance = found.get("observed_expected")
    if balance is not None and balance.value is not None:
        yield f"{100 * balance.value:.0f} came true for each 100 expected"
    for name in (*_HIGH, *_LOW):
        one = found.get(name)
        if one is not None:
            against = f" ({one.reference:.3g} in training)" if one.reference is not None else ""
            yield f"{_WORDS[name]} was {one.value:.3g}{against}"
            return
