"""The models of ``data/monitors.yml``."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from analysis.monitoring.declared.record import Against, Period, Reference, Severity
from analysis.project.model import Strict, listed

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([mhdw])")
_DAYS = {"m": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}
_PATIENCE = re.compile(r"(\d+)\s+of\s+(\d+)")
_MOST_PERIODS = 100


def days(value: Any) -> Any:
    """Read ``2d``, ``12h`` or ``3w`` as days."""
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("duration", "write a number with m, h, d or w, such as `2d`")
    return float(found[1]) * _DAYS[found[2]]


def k_of_n(value: Any) -> Any:
    """Read ``2 of 3``; a number alone is that many in a row."""
    found = _PATIENCE.fullmatch(value.strip()) if isinstance(value, str) else None
    if isinstance(value, int) and not isinstance(value, bool):
        k = n = value
    elif found:
        k, n = int(found[1]), int(found[2])
    else:
        k = n = 0
    if not 1 <= k <= n <= _MOST_PERIODS:
        raise PydanticCustomError(
            "patience", "write in how many of the last periods: `1 of 1`, `2 of 3`"
        )
    return (k, n)


def as_segment(value: Any) -> Any:
    """Take a text for the column of a segment without edges."""
    return {"column": value} if isinstance(value, str) else value


Days = Annotated[float, BeforeValidator(days)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class SegmentSpec(Strict):
    """A column by which the report is split, and the edges that cut its numbers."""

    column: str = Field(min_length=1)
    edges: tuple[Number, ...] = ()


class RuleSpec(Strict):
    """When an alert opens."""

    name: str = Field(min_length=1, max_length=80)
    metric: str = Field(min_length=1)
    of: str = ""
    below: Number | None = None
    above: Number | None = None
    against: Against = "value"
    patience: Annotated[tuple[int, int], BeforeValidator(k_of_n)] = (1, 1)
    severity: Severity = "watch"
    who: str | None = None
    why: str | None = None
    least: int | None = Field(default=None, ge=1)


class LabelsSpec(Strict):
    """When labels come."""

    wait: Days = 14.0


class MonitorSpec(Strict):
    """How a model is monitored."""

    title: str | None = Field(default=None, min_length=1)
    time: str | None = Field(default=None, min_length=1)
    period: Period = "month"
    reference: Reference = "training"
    threshold: float = Field(default=0.5, ge=0, le=1)
    labels: LabelsSpec = Field(default_factory=LabelsSpec)
    retain: Days | None = None
    least: int = Field(default=100, ge=1)
    segments: Annotated[
        tuple[Annotated[SegmentSpec, BeforeValidator(as_segment)], ...], BeforeValidator(listed)
    ] = ()
    rules: tuple[RuleSpec, ...] = ()
    notify: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
