"""Splitting rows into folds: a decision by seed alone, for rows in the order of their key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import ExperimentError
from analysis.experiments.runs.record import SplitRecord
from analysis.experiments.splits.balance import dealt, spread
from analysis.experiments.splits.groups import Groups, groups_of
from analysis.experiments.splits.rule import SplitRule
from analysis.files import digest

Rows = NDArray[np.int64]
# The number of the fold that predicts each row, 1 and up; 0 where none does.
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Rows to train on and to predict, fold by fold, in the order of the rows; and its record."""

    folds: tuple[tuple[Rows, Rows], ...]
    number: Numbers
    record: SplitRecord


def split_rows(
    rule: SplitRule,
    column: pd.Series[Any] | None,
    target: NDArray[np.int64] | None,
    rows: int,
    data: str = "",
) -> Split:
    """Split rows that are ordered by their key.

    Parameters
    ----------
    rule
        How, and by which column.
    column
        The values of that column; ``None`` for random rows.
    target
        Codes of the classes, ``None`` in a regression.
    rows
        How many there are.
    data
        A fingerprint of the rows' keys, for the split's own.

    Raises
    ------
    ExperimentError
        There are too few rows or groups, a value is missing, or a fold would be trained on one
        class only.
    """
    segments = _segments(rule, column, target, rows)
    folds = _forward(segments, rule.folds) if rule.kind == "forward" else _out(segments, rule.folds)
    _check_classes(rule, folds, target)
    number = np.zeros(rows, dtype=np.int64)
    for index, (_, test) in enumerate(folds, start=1):
        number[test] = index
    said = f"{data}|{rule.kind}|{rule.folds}|".encode() + segments.astype("<i4").tobytes()
    record = SplitRecord(
        rule.kind, rule.column, rule.unit, rule.folds, rule.seed, rule.label, digest(said)
    )
    return Split(folds, number, record)


def _segments(
    rule: SplitRule, column: pd.Series[Any] | None, target: NDArray[np.int64] | None, rows: int
) -> NDArray[np.int64]:
    """Number the part of each row from 0; forward has one more than there are folds."""
    strata = target if rule.stratified else None
    if rule.kind == "random":
        if rows < rule.folds:
            raise _too_few(rule, f"{rows:,} rows")
        return spread(rows, strata, rule.folds, rule.seed)
    assert column is not None, "the split goes by a column"
    groups = groups_of(column, rule.unit, rule.where)
    if rule.kind == "forward":
        if groups.count < rule.folds + 1:
            raise _too_few(rule, _counted(rule, groups))
        return _cut(groups, rule.folds + 1)
    if groups.count < rule.folds:
        raise _too_few(rule, _counted(rule, groups))
    return dealt(groups, strata, rule.folds, rule.seed)


def _cut(groups: Groups, parts: int) -> NDArray[np.int64]:
    """Cut groups in their order into ``parts`` of about as many rows, of one group at least."""
    ends = np.cumsum(groups.sizes)
    borders: list[int] = []
    for part in range(1, parts):
        wanted = ends[-1] * part / parts
        nearest = int(np.abs(ends - wanted).argmin()) + 1
        least = borders[-1] + 1 if borders else 1
        borders.append(min(max(nearest, least), groups.count - (parts - part)))
    return np.searchsorted(np.array(borders), groups.codes, side="right").astype(np.int64)


def _out(segments: NDArray[np.int64], folds: int) -> tuple[tuple[Rows, Rows], ...]:
    return tuple(
        (np.flatnonzero(segments != fold), np.flatnonzero(segments == fold))
        for fold in range(folds)
    )


def _forward(segments: NDArray[np.int64], folds: int) -> tuple[tuple[Rows, Rows], ...]:
    return tuple(
        (np.flatnonzero(segments < fold), np.flatnonzero(segments == fold))
        for fold in range(1, folds + 1)
    )


def _counted(rule: SplitRule, groups: Groups) -> str:
    if rule.unit:
        return f"{groups.count:,} {rule.unit}s in `{rule.column}`"
    return f"{groups.count:,} different values of `{rule.column}`"


def _too_few(rule: SplitRule, there_are: str) -> ExperimentError:
    parts = rule.folds + (rule.kind == "forward")
    return ExperimentError(
        f"{there_are} cannot be split into {parts} parts",
        rule.where,
        "ask for fewer `folds`" + (" (forward needs one part more)" * (rule.kind == "forward")),
    )


def _check_classes(
    rule: SplitRule,
    folds: tuple[tuple[Rows, Rows], ...],
    target: NDArray[np.int64] | None,
) -> None:
    if target is None:
        return
    for number, (train, _) in enumerate(folds, start=1):
        if len(np.unique(target[train])) < 2:
            raise ExperimentError(
                f"all {len(train):,} rows that fold {number} is trained on are of one class",
                rule.where,
                "ask for fewer `folds`, or split in another way",
            )
