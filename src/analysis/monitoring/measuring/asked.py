"""Values of metrics, as their queries give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.metrics.metric import Metric

if TYPE_CHECKING:
    import duckdb


class Slice(NamedTuple):
    """Rows of a version and an arm, ``None`` for all of them, in the period that begins then."""

    version: str | None
    arm: str | None
    begin: date


@dataclass(frozen=True)
class Asked:
    """A row of the answer to the query of a metric; ``value`` is ``None`` if it is not defined."""

    slice: Slice
    metric: str
    of: str
    part: str
    value: float | None
    rows: int
    labelled: int


# By version, metric, field or segment, and part: its value in the training rows.
Training = Mapping[tuple[str, str, str, str], float]


def ask(
    con: duckdb.DuckDBPyConnection, metrics: Iterable[Metric], monitor: Monitor
) -> tuple[Asked, ...]:
    """Ask for the metrics of all periods of production."""
    return tuple(
        Asked(Slice(version, arm, begin), metric.name, of, part, value, rows or 0, labelled or 0)
        for metric in metrics
        for version, arm, begin, of, part, value, rows, labelled in _rows(
            con, metric.sql(monitor, monitor.model)
        )
    )


def ask_training(
    con: duckdb.DuckDBPyConnection, metrics: Iterable[Metric], monitor: Monitor
) -> Training:
    """Ask for the metrics of the rows that versions were trained on."""
    return {
        (version, metric.name, of, part): value
        for metric in metrics
        for version, _, _, of, part, value, _, _ in _rows(
            con, metric.training_sql(monitor, monitor.model)
        )
        if value is not None
    }


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()
