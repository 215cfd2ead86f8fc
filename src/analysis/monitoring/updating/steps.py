"""The steps that lead from a log to numbers, as one value, so that a test can put in its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analysis.models.registry.registry import Registry
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.stored.record import Measurement
from analysis.project import Project


@dataclass(frozen=True)
class Counted:
    """What the cells of a model say after they were brought up to date.

    The first eight are columns of ``meta.monitors``; ``notes`` are for readers.
    """

    begin: date | None = None
    finish: date | None = None
    rows: int = 0
    labelled: int = 0
    duplicates: int = 0
    late_labels: int = 0
    duplicate_labels: int = 0
    contradicting_labels: int = 0
    unmatched_labels: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    """What `update` does: count new rows, measure, and remove what is older than is kept.

    The last gives what there is to say of it.
    """

    count: Callable[[Project, Registry, Monitor, datetime], Counted]
    measure: Callable[[Project, Registry, Monitor, datetime], Sequence[Measurement]]
    retain: Callable[[Project, Registry, Monitor, datetime], Sequence[str]]
