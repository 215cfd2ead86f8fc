"""Predicting the rows of several requests at once, and logging them before they are answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.service.asked import Answered, Asked
from analysis.service.crew import Crew
from analysis.service.logged import Columns, LogEntry, PredictionLog
from analysis.service.refusing import RefusedError, refused
from analysis.service.serving import Arm

_log = logging.getLogger("analysis.service")
Result = Answered | BaseException


@dataclass(frozen=True)
class _Part:
    """Rows of one request that one arm predicts; ``rows`` is ``None`` if it is all of them."""

    asked: Asked
    arm: Arm
    rows: Sequence[int] | None

    @property
    def places(self) -> Sequence[int]:
        return range(self.asked.rows) if self.rows is None else self.rows

    def of(self, columns: Columns) -> Columns:
        """Give the columns of its rows."""
        if self.rows is None:
            return columns
        return {name: [values[row] for row in self.rows] for name, values in columns.items()}


_Outputs = dict[str, list[Any]]


def answer(asked: Sequence[Asked], log: PredictionLog, crew: Crew) -> list[Result]:
    """Predict the rows of requests, and log them; give an answer or an error for each.

    What is not in the log is not answered.
    """
    parts = [part for one in asked for part in _parts(one)]
    outputs = _predicted(parts, crew)
    entries = [
        _entry(part, given) for part, given in zip(parts, outputs, strict=True) if _is_there(given)
    ]
    try:
        if entries:
            log.write(entries)
    except Exception:
        _log.exception("the predictions cannot be logged, so they are not answered")
        return [_unlogged() for _ in asked]
    results: list[Result] = []
    given_of: dict[int, list[tuple[_Part, Any]]] = {id(one): [] for one in asked}
    for part, given in zip(parts, outputs, strict=True):
        given_of[id(part.asked)].append((part, given))
    for one in asked:
        results.append(_joined(one, given_of[id(one)]))
    return results


def look_on(asked: Sequence[Asked], log: PredictionLog, crew: Crew) -> None:
    """Let the shadows predict rows that were answered; what goes wrong is told to nobody else."""
    parts = [_Part(one, arm, None) for one in asked for arm in one.serving.shadows]
    if not parts:
        return
    given = zip(parts, _predicted(parts, crew), strict=True)
    try:
        log.write([_entry(part, outputs) for part, outputs in given if _is_there(outputs)])
    except Exception:
        _log.exception("the predictions of a shadow cannot be logged")


def note(entries: Sequence[LogEntry], log: PredictionLog) -> None:
    """Log requests that got no prediction; they are answered all the same."""
    try:
        log.write(entries)
    except Exception:
        _log.exception("requests that were refused cannot be logged")


def _parts(asked: Asked) -> list[_Part]:
    arms = asked.serving.arms
    if asked.arms is None:
        return [_Part(asked, arms[0], None)]
    chosen = sorted(set(asked.arms))
    if len(chosen) == 1:
        return [_Part(asked, arms[chosen[0]], None)]
    return [
        _Part(asked, arms[place], [row for row, arm in enumerate(asked.arms) if arm == place])
        for place in chosen
    ]


def _predicted(parts: Sequence[_Part], crew: Crew) -> list[_Outputs | BaseException]:
    """Give the outputs of each part, in one call for all parts of a predictor."""
    found: list[_Outputs | BaseException] = [{}] * len(parts)
    groups: dict[int, list[int]] = {}
    for place, part in enumerate(parts):
        groups.setdefault(id(part.arm.predictor), []).append(place)
    for places in groups.values():
        group = [parts[place] for place in places]
        for place, given in zip(places, _of_one(crew, group), strict=True):
            found[place] = given
    return found


def _of_one(crew: Crew, parts: Sequence[_Part]) -> list[_Outputs | BaseException]:
    columns = [part.of(part.asked.columns) for part in parts]
    try:
        together = columns[0] if len(columns) == 1 else _together(columns)
        outputs = crew.predict(parts[0].arm.predictor, together)
    except Exception as error:
        if len(parts) == 1:
            _log.error("request %s: the model failed", parts[0].asked.request, exc_info=error)
            return [error]
        # The rows of one request must not spoil those of others.
        return [_of_one(crew, [part])[0] for part in parts]
    if len(parts) == 1:
        return [outputs]
    return _apart(outputs, [len(part.places) for part in parts])


def _together(columns: Sequence[Columns]) -> Columns:
    return {name: [value for each in columns for value in each[name]] for name in columns[0]}


def _apart(outputs: _Outputs, sizes: Sequence[int]) -> list[_Outputs | BaseException]:
    found: list[_Outputs | BaseException] = []
    begin = 0
    for size in sizes:
        end = begin + size
        found.append({name: values[begin:end] for name, values in outputs.items()})
        begin = end
    return found


def _is_there(given: _Outputs | BaseException) -> bool:
    return isinstance(given, dict)


def _entry(part: _Part, outputs: Any) -> LogEntry:
    asked, arm = part.asked, part.arm
    return LogEntry(
        time=asked.time,
        request=asked.request,
        model=asked.serving.model,
        version=arm.version,
        arm=arm.name,
        shadow=arm.shadow,
        rows=part.places,
        keys=part.of(asked.keys),
        inputs=part.of(asked.columns),
        outputs=outputs,
        latency_ms=round((time.perf_counter() - asked.started) * 1000, 3),
        personal=arm.personal,
    )


def _joined(asked: Asked, given: Sequence[tuple[_Part, Any]]) -> Result:
    """Put the outputs of all parts of a request into the order of its rows."""
    for _, outputs in given:
        if isinstance(outputs, BaseException):
            return outputs
    arms = tuple(part.arm for part, _ in given)
    if len(given) == 1:
        return Answered(given[0][1], arms)
    names = given[0][1]
    joined: _Outputs = {name: [None] * asked.rows for name in names}
    for part, outputs in given:
        for name, values in outputs.items():
            for row, value in zip(part.places, values, strict=True):
                joined[name][row] = value
    return Answered(joined, arms)


def _unlogged() -> RefusedError:
    return refused(
        503, "log", "predictions cannot be logged now, so none is given", ("server",),
        Retry_After="5",
    )  # fmt: skip
