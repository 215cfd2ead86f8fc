"""All numbers of a model in production: values, with what is needed to judge them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.experiments.runs.record import Task
from analysis.models.bundle.record import Bundle
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.measuring.asked import Asked, Slice, Training, ask, ask_training
from analysis.monitoring.measuring.byperiod import by_period
from analysis.monitoring.measuring.challengers import Contest, contests
from analysis.monitoring.measuring.counted import groups
from analysis.monitoring.measuring.drifts import consequences, floors
from analysis.monitoring.measuring.extras import NOTHING, Extra, Extras, Key, gathered
from analysis.monitoring.measuring.intervals import estimated, performance
from analysis.monitoring.measuring.notes import gone, undefined
from analysis.monitoring.measuring.parts import curve, segments
from analysis.monitoring.measuring.periods import finish_of, name_of
from analysis.monitoring.measuring.production import Production
from analysis.monitoring.measuring.references import is_compared, references
from analysis.monitoring.metrics.registry import metrics_of
from analysis.monitoring.stored.record import Measurement

if TYPE_CHECKING:
    import duckdb


def measure(
    con: duckdb.DuckDBPyConnection, monitor: Monitor, bundles: Mapping[str, Bundle]
) -> tuple[Measurement, ...]:
    """Give all numbers of the model, in all periods, of all versions and arms.

    ``con`` has ``meta.cells`` and ``meta.bins``; ``bundles`` are by version as these have it. One
    that is not there any more is told of in a note.
    """
    task: Task = next((bundle.task for bundle in bundles.values()), "binary")
    metrics = metrics_of(task)
    with by_period(con, monitor):
        asked = ask(con, metrics, monitor)
        training = ask_training(con, filter(is_compared, metrics), monitor)
    production = _production(con, monitor, task)
    beside = _beside(con, production, asked, training, task, bundles)
    told = [
        *(_measured(monitor, row, beside) for row in asked),
        *(
            one
            for contest in contests(production, {metric.name for metric in metrics})
            for one in _contested(monitor, contest)
        ),
    ]
    told += consequences(told, bundles)
    return tuple(sorted((_known(one, bundles) for one in told), key=_order))


def _production(con: duckdb.DuckDBPyConnection, monitor: Monitor, task: Task) -> Production:
    scores = task == "binary"
    training = groups(con, monitor.model, "training", scores=scores)
    return Production(
        monitor,
        groups(con, monitor.model, "production", scores=scores),
        {group.version: group for group in training if group.version is not None},
    )


def _beside(
    con: duckdb.DuckDBPyConnection,
    production: Production,
    asked: Iterable[Asked],
    training: Training,
    task: Task,
    bundles: Mapping[str, Bundle],
) -> Mapping[Key, Extra]:
    monitor = production.monitor
    of_labels = tuple(metric.name for metric in metrics_of(task) if metric.labelled)
    balance = "bias" if task == "regression" else "observed_expected"
    wholes = {
        Key(row.slice, row.metric): row.value
        for row in asked
        if row.metric == balance and not row.of and row.value is not None
    }
    return gathered(
        performance(production, of_labels),
        estimated(production),
        curve(con, monitor),
        segments(con, monitor, wholes, balance),
        references(asked, production, training, bundles),
        floors(con, asked, production),
        _undefined(asked, of_labels),
    )


def _undefined(asked: Iterable[Asked], of_labels: tuple[str, ...]) -> Extras:
    for row in asked:
        note = undefined(row, of_labels)
        if note:
            yield Key(row.slice, row.metric, row.of, row.part), Extra(note=note)


def _measured(monitor: Monitor, row: Asked, beside: Mapping[Key, Extra]) -> Measurement:
    extra = beside.get(Key(row.slice, row.metric, row.of, row.part), NOTHING)
    if row.value is None:
        extra = replace(extra, low=None, high=None)
    return _told(
        monitor, row.slice, row.metric, row.of, row.part, row.value, extra, row.rows, row.labelled
    )


def _contested(monitor: Monitor, contest: Contest) -> Iterator[Measurement]:
    one = contest.compared
    difference = Extra(one.low, one.high, one.champion, note=contest.note)
    for metric, value, extra in (
        ("ab_difference", one.difference, difference),
        ("ab_better", one.better, Extra(note="as of this look alone")),
        ("ab_needed", one.needed, Extra(note="for a power of 80 % at the difference seen")),
    ):
        if value is not None:
            told = contest.slice, metric, one.metric, "", float(value), extra
            yield _told(monitor, *told, contest.rows, contest.labelled)


def _told(
    monitor: Monitor,
    piece: Slice,
    metric: str,
    of: str,
    part: str,
    value: float | None,
    extra: Extra,
    rows: int,
    labelled: int,
) -> Measurement:
    begin = piece.begin
    return Measurement(
        model=monitor.model,
        version=piece.version,
        arm=piece.arm,
        period=name_of(begin, monitor.period),
        begin=begin,
        finish=finish_of(begin, monitor.period),
        metric=metric,
        of=of,
        part=part,
        value=_steady(value),
        low=_steady(extra.low),
        high=_steady(extra.high),
        reference=_steady(extra.reference),
        floor=_steady(extra.floor),
        rows=rows,
        labelled=labelled,
        note=extra.note,
    )


def _steady(value: float | None) -> float | None:
    """Cut what depends on the order in which a database adds up."""
    return None if value is None else float(f"{round(value, 12) + 0.0:.10g}")


def _known(one: Measurement, bundles: Mapping[str, Bundle]) -> Measurement:
    note = gone(one.version, bundles) if one.metric == "rows" else None
    return replace(one, note="; ".join(filter(None, (one.note, note)))) if note else one


def _order(one: Measurement) -> tuple[str, ...]:
    start = (one.begin.isoformat(), one.version or "", one.arm or "")
    return (*start, one.metric, one.of, one.part)
