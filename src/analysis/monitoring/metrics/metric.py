"""A number that is told of a model in production, with the query that gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from analysis.experiments.runs.record import Best, Task
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.metrics.scope import Scope, production, training

Group = Literal["log health", "drift", "performance", "calibration", "without labels"]
_WIDTH = 97
CLASSES: tuple[Task, ...] = ("binary", "multiclass")
BINARY: tuple[Task, ...] = ("binary",)
NUMBERS: tuple[Task, ...] = ("regression",)
ALL: tuple[Task, ...] = (*CLASSES, *NUMBERS)


@dataclass(frozen=True)
class Metric:
    """A metric, and its query over the counts by day.

    ``source`` is the paper and page of the formula. ``better`` says where it is best: ``low``,
    ``high``, at ``one`` or at ``zero``; ``None`` where no value is better. ``rounded`` says what
    counts do not keep of the rows; where it is ``None``, the value is exactly that of the rows.
    Merging days changes nothing in either case. ``whole`` says whether there is a row for all
    versions together. ``query`` gives a query for what it is asked about.
    """

    name: str
    title: str
    what: str
    unit: str
    better: Best | None
    source: str
    rounded: str | None
    group: Group
    tasks: tuple[Task, ...]
    query: Callable[[Scope], str]
    whole: bool = True
    labelled: bool = False

    @property
    def exact(self) -> bool:
        """Say whether the value is that which all rows together would give."""
        return self.rounded is None

    def sql(self, monitor: Monitor, model: str) -> str:
        """Write the query for each period of production.

        It gives ``version, arm, begin, of, part, value, rows, labelled``. Rows that were asked
        for in the shadow are of the arm ``shadow``. Where ``whole`` holds there is also a row of
        all versions and arms, but for shadows; its ``version`` and ``arm`` are null. A value that
        is not defined is null.
        """
        return self._written(production(monitor, model))

    def training_sql(self, monitor: Monitor, model: str) -> str:
        """Write the same query for the rows that each version was trained on, as one period.

        Its ``begin`` and ``arm`` are null, and there is no row for all versions.
        """
        return self._written(training(monitor, model))

    def _written(self, scope: Scope) -> str:
        told = [f"{self.title}: {self.what}.", f"Source: {self.source}."]
        if self.rounded:
            told.append(f"Rounded: {self.rounded}.")
        lines = [line for text in told for line in wrap(text, _WIDTH, subsequent_indent="  ")]
        return "".join(f"-- {line}\n" for line in lines) + self.query(scope) + "\n"
