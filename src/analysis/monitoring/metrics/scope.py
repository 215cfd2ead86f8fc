"""Which rows a metric is asked about, and into which periods they fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.monitoring.declared.record import Monitor, Period, Reference
from analysis.warehouse.sql import literal

Origin = Literal["production", "training"]
# The arm of rows that were asked for in the shadow.
SHADOW = "shadow"


@dataclass(frozen=True)
class Scope:
    """Rows of a model: of production, by ``period``, or those of its training, all as one.

    ``reference`` is what drift is told against, ``threshold`` from where a row is positive.
    """

    model: str
    origin: Origin
    period: Period
    reference: Reference
    threshold: float

    @property
    def arm(self) -> str:
        """Write the arm of a row of ``meta.cells``."""
        if self.origin == "training":
            return "null::varchar"
        return f"case when shadow then {literal(SHADOW)} else arm end"

    @property
    def begin(self) -> str:
        """Write the first day of the period of a row of ``meta.cells``."""
        if self.origin == "training":
            return "null::date"
        return f"date_trunc({literal(self.period)}, day)::date"

    def where(self, fields: str) -> str:
        """Write which rows of ``meta.cells`` are asked about; ``fields`` is a condition, too."""
        return f"model = {literal(self.model)} and origin = {literal(self.origin)} and {fields}"


def production(monitor: Monitor, model: str) -> Scope:
    """Ask about production, by period."""
    return Scope(model, "production", monitor.period, monitor.reference, monitor.threshold)


def training(monitor: Monitor, model: str) -> Scope:
    """Ask about the rows that versions were trained on."""
    return Scope(model, "training", monitor.period, monitor.reference, monitor.threshold)
