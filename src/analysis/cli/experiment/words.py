"""Numbers and moments of runs, as the commands write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from analysis.cli.console import size
from analysis.experiments.runs.record import Comparison, MetricValue, Run
from analysis.report.formats import MISSING, number

_LARGE = 100


def value(found: float | None, *, sign: bool = False) -> str:
    """Write the value of a metric, or with ``sign`` a difference, with digits that tell."""
    digits = 1 if found is not None and abs(found) >= _LARGE else 4 if sign else 3
    return number(found, digits, sign=sign)


def within(
    found: float | None, low: float | None, high: float | None, *, sign: bool = False
) -> str:
    """Write a value with its interval: ``0.725 [0.703, 0.745]``."""
    told = value(found, sign=sign)
    if found is None or low is None or high is None:
        return told
    return f"{told} [{value(low, sign=sign)}, {value(high, sign=sign)}]"


def metric(found: MetricValue | None) -> str:
    """Write a metric with the interval of the bootstrap."""
    return within(found.value, found.low, found.high) if found else MISSING


def gap(found: Comparison) -> str:
    """Write a difference with its interval."""
    told = within(found.difference, found.low, found.high, sign=True)
    return told if found.low is not None else f"{told}, no interval"


def chance(p: float | None) -> str:
    """Write the p of a test."""
    return MISSING if p is None else "<0.001" if p < 0.001 else f"{p:.3f}"


def moment(iso: str) -> str:
    """Write a moment to the minute."""
    return iso[:16].replace("T", " ")


def seconds(found: float) -> str:
    """Write a duration."""
    return f"{found:,.1f} s" if found < 600 else f"{found / 60:,.0f} min"


def memory(run: Run) -> str:
    """Write the peak of memory of a run."""
    return f"{run.memory_mb:,.0f} MB"


def model_size(run: Run) -> str:
    """Write the size of a run's model."""
    return size(run.model.bytes) if run.model else MISSING


def setting(found: Any) -> str:
    """Write a parameter as JSON does, a text without quotes."""
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)


def settings(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Write parameters."""
    return [(name, setting(one)) for name, one in found.items()]


def dumped(content: Any) -> str:
    """Write JSON for programs; dates as texts, numbers of numpy as numbers."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain)


def _plain(found: Any) -> Any:
    if isinstance(found, date | datetime):
        return found.isoformat()
    return found.item() if hasattr(found, "item") else str(found)
