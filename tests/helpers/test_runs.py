"""The runs that other tests are built on are read as real ones are."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from analysis.experiments.runs import store
from analysis.experiments.runs.record import Task
from analysis.project import find_project
from tests.helpers.projects import snapshot, write_project
from tests.helpers.runs import write_experiment


@pytest.mark.parametrize("task", get_args(Task))
def test_what_is_written_is_read(tmp_path: Path, task: Task) -> None:
    """Runs, curves, replicates and the summary are whole, for each kind of task."""
    project = find_project(write_project(tmp_path, {}))
    summary = write_experiment(tmp_path, "trial", 9, task=task, failed=2, outdated=1)
    runs = store.runs_of(project, "trial")
    assert [run.status for run in runs].count("failed") == 2
    assert [run.role for run in runs] == ["candidate"] * 9 + ["honesty"] * 2
    assert store.read_summary(project, "trial") == summary
    assert {row.run for row in summary.runs} == {run.run for run in runs}
    done = [run for run in runs if run.status == "done"]
    for run in done:
        replicates = store.replicates_of(project, run)
        assert replicates is not None and replicates.shape[1] == len(run.metrics)
        assert store.curves_of(project, run)
        for metric in run.metrics:
            values = [fold.metrics[metric.name] for fold in run.folds]
            assert metric.value == pytest.approx(np.mean([v for v in values if v is not None]))
            assert metric.low is not None and metric.high is not None
            assert metric.low < metric.high
    assert summary.leader in {run.run for run in done}
    assert {row.against for row in summary.comparisons} == {"best", "baseline"}


def test_twice_the_same(tmp_path: Path) -> None:
    """Nothing depends on the moment."""
    first, second = (write_project(tmp_path / name, {}) for name in "ab")
    for root in (first, second):
        write_experiment(root, "trial", 6)
    assert snapshot(first, "data") == snapshot(second, "data")
