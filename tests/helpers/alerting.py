"""Short ways to write what is measured, and rules on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from analysis.errors import Location
from analysis.monitoring.declared.record import Monitor, Rule
from analysis.monitoring.stored.record import Measurement

RULE = Rule(
    name="calibration",
    metric="observed_expected",
    of="",
    below=0.8,
    above=1.25,
    against="value",
    k=1,
    n=1,
    severity="act",
    who="data team",
    why="promises break",
    least=100,
    where=Location("data/monitors.yml", 3),
)


def rule(**changed: Any) -> Rule:
    """Give a rule on calibration that is otherwise in what is ``changed``."""
    return replace(RULE, **changed)


def monitor(*rules: Rule, **changed: Any) -> Monitor:
    """Give a monitor with these rules."""
    return replace(Monitor("late-flights", rules=rules or (RULE,)), **changed)


def months(values: Sequence[float | None], **changed: Any) -> tuple[Measurement, ...]:
    """Give the values of months from January 2013 on."""
    return tuple(month(number, value, **changed) for number, value in enumerate(values, start=1))


def month(number: int, value: float | None, **changed: Any) -> Measurement:
    """Give the value of a month of 2013, of 1,000 rows that all have a label."""
    begin = date(2013, number, 1)
    finish = date(2013 + number // 12, number % 12 + 1, 1)
    return replace(
        Measurement(
            model="late-flights",
            version=None,
            arm=None,
            period=f"2013-{number:02}",
            begin=begin,
            finish=finish,
            metric="observed_expected",
            of="",
            part="",
            value=value,
            low=None,
            high=None,
            reference=1.0,
            floor=None,
            rows=1000,
            labelled=1000,
            note=None,
        ),
        **changed,
    )


def at(day: int) -> datetime:
    """Give noon of a day in January 2014."""
    return datetime(2014, 1, day, 12, tzinfo=UTC)
