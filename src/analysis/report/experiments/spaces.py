"""Search spaces, as the runs of a declared candidate show them: which parameters vary, and how."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.report.experiments.told import ToldExperiment, ToldRun
from analysis.report.experiments.words import parameter

# A parameter is log-like only if its greatest value is so many times its least.
_WIDE = 8


@dataclass(frozen=True)
class Axis:
    """A parameter that varies: on a scale of numbers, even or logarithmic, or of names."""

    name: str
    kind: Literal["even", "log", "names"]
    values: tuple[Any, ...]

    def place(self, value: Any) -> float | None:
        """Give the place of a value between 0 and 1."""
        if self.kind == "names":
            at = self.labels.index(parameter(value))
            return (at + 0.5) / len(self.labels)
        if not _is_number(value):
            return None
        low, high, it = (self._scaled(v) for v in (self.values[0], self.values[-1], value))
        return (it - low) / (high - low) if high > low else 0.5

    @property
    def labels(self) -> tuple[str, ...]:
        """Write the values, each once."""
        return tuple(dict.fromkeys(parameter(value) for value in self.values))

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.kind == "log" else float(value)


def varied(told: ToldExperiment, family: str) -> tuple[str, ...]:
    """Name the parameters in which the current runs of a declared candidate differ."""
    runs = [run for run in told.shown if run.family == family]
    names = dict.fromkeys(name for run in runs for name in run.parameters)
    return tuple(
        name for name in names if len({repr(run.parameters.get(name)) for run in runs}) > 1
    )


def axes(runs: Sequence[ToldRun], names: Sequence[str]) -> tuple[Axis, ...]:
    """Say of each parameter on what scale its values lie."""
    return tuple(_axis(name, [run.parameters.get(name) for run in runs]) for name in names)


def _axis(name: str, values: Sequence[Any]) -> Axis:
    numbers = [value for value in values if _is_number(value)]
    if len(numbers) < len(values) or not numbers:
        # Also a number that may be None: it has its own place beside the numbers.
        return Axis(name, "names", tuple(sorted(values, key=_order)))
    kind: Literal["even", "log"] = "log" if _is_log_like(numbers) else "even"
    return Axis(name, kind, tuple(sorted(numbers)))


def _is_log_like(numbers: Sequence[float]) -> bool:
    """Say whether the middle of the values is nearer to that of their logarithms."""
    low, high = min(numbers), max(numbers)
    if low <= 0 or high < _WIDE * low:
        return False
    middle = sorted(numbers)[len(numbers) // 2]
    return abs(math.log(middle / math.sqrt(low * high))) < abs(math.log(2 * middle / (low + high)))


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _order(value: Any) -> tuple[int, float, str]:
    return (0, float(value), "") if _is_number(value) else (1, 0.0, parameter(value))
