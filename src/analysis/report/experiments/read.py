"""Asking the schema ``meta`` for experiments and their runs.

What a page reads is noted by hand: of the live relations, which tell of all experiments, a page
depends on its own alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from analysis.errors import ProjectError
from analysis.lineage import UNOBSERVED, note_experiment
from analysis.lineage.system import RUNS_FOLDER
from analysis.project import find_project
from analysis.report.data.read import rows
from analysis.report.experiments.intervals import Estimate
from analysis.report.experiments.told import Gap, ToldExperiment, ToldRun
from analysis.warehouse.connection import db

if TYPE_CHECKING:
    import pandas as pd

_EXPERIMENT = f"{UNOBSERVED} * from meta.experiments where name = $name"
_RUNS = f"{UNOBSERVED} * from meta.runs where experiment = $name order by created, run"
_METRICS = f"{UNOBSERVED} * from meta.metrics where experiment = $name order by run, place"
_COMPARISONS = f"{UNOBSERVED} * from meta.comparisons where experiment = $name"
_CURVES = f"""
{UNOBSERVED} run, curve, series, x, y, low, high, n, name from meta.curves
where experiment = $name and list_contains($runs, run) and list_contains($kinds, curve)
order by list_position($runs, run), curve, series, place
"""


def experiment(name: str) -> ToldExperiment:
    """Read an experiment with all of its runs.

    Raises
    ------
    ProjectError
        It has not run.
    """
    note_experiment(name)
    root = find_project(Path.cwd()).root
    return _read(name, _state(root / RUNS_FOLDER / name / "experiment.json"))


def _state(summary: Path) -> tuple[object, ...]:
    """Say by what one sees that an experiment changed: its summary is renewed after each run."""
    try:
        found = summary.stat()
    except OSError:
        return (str(summary),)
    return str(summary), found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=1)
def _read(name: str, state: tuple[object, ...]) -> ToldExperiment:
    """Read an experiment; a page asks for the same one again and again."""
    found = rows(_EXPERIMENT, name=name)
    if not found:
        raise ProjectError(
            f"of the experiment `{name}` there are no runs",
            hint=f"run `analysis experiment run {name}`",
        )
    metrics = _by_run(rows(_METRICS, name=name))
    gaps = _by_run(row for row in rows(_COMPARISONS, name=name) if row.metric == found[0].metric)
    runs = tuple(
        _run(row, metrics.get(row.run, []), gaps.get(row.run, [])) for row in rows(_RUNS, name=name)
    )
    return _experiment(found[0], metrics, runs)


def curves(name: str, kinds: Sequence[str], runs: Sequence[ToldRun]) -> pd.DataFrame:
    """Read the points of curves of some runs, with their labels as `candidate`."""
    labels = experiment(name).labels
    with db() as connection:
        parameters = {"name": name, "kinds": list(kinds), "runs": [run.run for run in runs]}
        frame = connection.execute(_CURVES, parameters).df()
    return frame.assign(candidate=frame["run"].map(labels))


def _by_run(found: Iterable[SimpleNamespace]) -> dict[str, list[SimpleNamespace]]:
    by_run: dict[str, list[SimpleNamespace]] = {}
    for row in found:
        by_run.setdefault(row.run, []).append(row)
    return by_run


def _experiment(
    row: SimpleNamespace, metrics: dict[str, list[SimpleNamespace]], runs: tuple[ToldRun, ...]
) -> ToldExperiment:
    return ToldExperiment(
        name=row.name,
        question=row.question,
        owner=row.owner,
        task=row.task,
        sample=row.sample,
        features=tuple(row.features),
        target=row.target,
        positive=row.positive,
        metric=row.metric,
        metrics=tuple(row.metrics),
        best={row.metric: row.best} | {m.metric: m.best for ms in metrics.values() for m in ms},
        split=row.split,
        blocks=row.blocks,
        candidates=row.candidates,
        leader=row.leader,
        baseline=row.baseline,
        updated=str(row.updated)[:10] if row.updated else None,
        selection_bias=row.selection_bias,
        runs=runs,
    )


def _run(row: SimpleNamespace, metrics: list[Any], gaps: list[Any]) -> ToldRun:
    against = {gap.against: _gap(gap) for gap in gaps}
    same = ("run", "candidate", "family", "role", "status", "current", "estimator", "during")
    more = ("split", "split_kind", "rows", "fit_seconds", "memory_mb", "model_bytes", "commit")
    return ToldRun(
        **{name: getattr(row, name) for name in same + more},
        created=str(row.created)[:16] if row.created else "",
        parameters=json.loads(row.parameters or "{}"),
        failure=row.error,
        metrics={m.metric: Estimate(m.value, m.low, m.high) for m in metrics},
        from_best=against.get("best"),
        from_baseline=against.get("baseline"),
        from_own=against.get("split"),
    )


def _gap(row: SimpleNamespace) -> Gap:
    return Gap(Estimate(row.difference, row.low, row.high), row.p, row.distinguishable)
