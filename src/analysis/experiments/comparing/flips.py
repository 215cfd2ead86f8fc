"""Rows that two runs predict otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.errors import ProjectError
from analysis.experiments.metrics.rows import Columns, columns_of
from analysis.experiments.runs import store
from analysis.experiments.runs.record import Run
from analysis.project import Project
from analysis.warehouse.parquetfile import columns_in, join_by_key

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Flip:
    """A row by its ``key``: its target, what was predicted then, and what is now.

    ``chance_then`` and ``chance_now`` are the probabilities of the positive class; with several
    classes, of the one that is predicted now.
    """

    key: tuple[Any, ...]
    target: Any
    then: Any
    now: Any
    chance_then: float | None
    chance_now: float | None


@dataclass(frozen=True)
class Flips:
    """The rows with the largest change, and how many there are of the ``rows`` in both runs.

    ``key`` names the columns of the key. ``missing`` says why rows could not be compared.
    """

    key: tuple[str, ...]
    flips: tuple[Flip, ...]
    total: int | None
    rows: int | None
    missing: str | None = None


def flips(project: Project, then: Run, now: Run, most: int) -> Flips:
    """Give at most so many rows whose predicted class differs, or number in a regression.

    Those come first whose probability, as in ``Flip``, or number changed most.
    """
    key = then.data.key
    if missing := _missing(project, then, now):
        return Flips(key, (), None, None, missing)
    left, right = (_path(project, run) for run in (then, now))
    named = columns_of(key, then.data.classes)
    try:
        known = {*columns_in(left)} & {*columns_in(right)}
        chances = named.chances if known.issuperset(named.chances) else ()
        columns = (named.target, named.label, *chances)
        rows, both = join_by_key(left, right, key, columns, named.label)
    except ProjectError as error:
        return Flips(key, (), None, None, f"{error.what}; {_again(then, now)}")
    return Flips(key, _largest(rows, then, named, chances, most), len(rows), both)


def _missing(project: Project, then: Run, now: Run) -> str | None:
    failed = [run for run in (then, now) if run.status == "failed"]
    if failed:
        return f"the run `{failed[0].run}` failed"
    if _asked(then) != _asked(now):
        return "the two runs do not predict the same"
    gone = [run for run in (then, now) if not _path(project, run).is_file()]
    if not gone:
        return None
    names = " and ".join(dict.fromkeys(f"`{run.run}`" for run in gone))
    return f"the predictions of {names} are not here; {_again(*gone)}"


def _asked(run: Run) -> tuple[Any, ...]:
    data = run.data
    return run.task, data.key, data.target, data.classes, data.positive


def _again(*runs: Run) -> str:
    commands = dict.fromkeys(f"`analysis experiment rerun {run.run}`" for run in runs)
    return f"make them again: {', '.join(commands)}"


def _path(project: Project, run: Run) -> Path:
    return store.run_folder(project, run) / store.PREDICTIONS


def _largest(
    rows: pd.DataFrame, run: Run, named: Columns, chances: Sequence[str], most: int
) -> tuple[Flip, ...]:
    then, now = rows[f"left.{named.label}"], rows[f"right.{named.label}"]
    before, after = _chances(rows, run, now, chances)
    change = now - then if run.task == "regression" else after - before
    # What has no size of change keeps its order, after all that has.
    order = np.argsort(-np.nan_to_num(np.abs(change), nan=-1.0), kind="stable")[:most]
    key = rows.iloc[order, : len(run.data.key)].astype(object).itertuples(index=False, name=None)
    told = zip(
        key,
        *(column.iloc[order].tolist() for column in (rows[f"left.{named.target}"], then, now)),
        *(_or_none(column[order]) for column in (before, after)),
        strict=True,
    )
    return tuple(Flip(*row) for row in told)


def _chances(
    rows: pd.DataFrame, run: Run, now: pd.Series[Any], chances: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    if not chances:
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    classes = run.data.classes
    places = {name: place for place, name in enumerate(classes)}
    positive = places.get(str(run.data.positive), len(classes) - 1)
    column = np.full(len(rows), positive)
    if run.task == "multiclass":
        column = now.map(places).to_numpy(np.int64)
    before, after = (
        rows[[f"{side}.{name}" for name in chances]].to_numpy(np.float64)[
            np.arange(len(rows)), column
        ]
        for side in ("left", "right")
    )
    return before, after


def _or_none(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values.tolist()]
