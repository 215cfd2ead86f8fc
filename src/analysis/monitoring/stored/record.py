"""What a report tells of a model, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# What the name of a metric begins with that is estimated before labels come.
ESTIMATED = "estimated_"


@dataclass(frozen=True)
class Measurement:
    """A metric of a version and an arm in a period: a row of ``meta.measured``.

    ``period`` is what people call it (``2013-09``); it is from ``begin`` until before ``finish``.
    ``of`` is the field, or ``segment:<column>``, with the ``part`` of it; both are empty for all
    rows. ``version`` and ``arm`` are ``None`` where it is of all of them. ``reference`` is what the
    value is compared with, and ``floor`` what chance alone stays below in 95 of 100 such periods.
    ``value`` is ``None`` where it is not defined; then ``note`` says why.
    """

    model: str
    version: str | None
    arm: str | None
    period: str
    begin: date
    finish: date
    metric: str
    of: str
    part: str
    value: float | None
    low: float | None
    high: float | None
    reference: float | None
    floor: float | None
    rows: int
    labelled: int
    note: str | None
