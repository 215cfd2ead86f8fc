"""What choosing flatters, and what a split flatters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.experiments.comparing.honesty import honesty
from analysis.experiments.comparing.selection import selection_bias
from analysis.experiments.comparing.summary import summarize
from analysis.experiments.runs import store
from analysis.experiments.runs.record import Best, MetricValue, Run
from analysis.project import Project, find_project
from tests.experiments.test_comparing import about
from tests.helpers.projects import write_project
from tests.helpers.runs import write_experiment, write_run


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project without anything."""
    return find_project(write_project(tmp_path, {}))


def _with_folds(run: Run, name: str, folds: list[float | None], best: Best) -> Run:
    there = [value for value in folds if value is not None]
    metric = MetricValue("m", float(np.mean(there)), None, None, None, None, best)
    records = [
        replace(fold, metrics={"m": value}) for fold, value in zip(run.folds, folds, strict=False)
    ]
    return replace(run, run=name, metrics=(metric,), folds=tuple(records))


def test_by_hand(project: Project) -> None:
    """The best is behind the fold's own best by 0, 0.1 and 0.2; the mean of that is 0.1."""
    run = write_run(project.root, "trial")
    first = _with_folds(run, "a", [0.9, 0.8, 0.7], "high")
    second = _with_folds(run, "b", [0.5, 0.9, 0.9], "high")
    found = selection_bias([second, first], "m")
    assert found is not None
    assert found.value == pytest.approx(0.8) and found.candidates == 2
    assert found.bias == pytest.approx(0.1) and found.corrected == pytest.approx(0.7)


def test_where_less_is_better(project: Project) -> None:
    """The bias is positive as well, and the corrected value larger."""
    run = write_run(project.root, "trial")
    first = _with_folds(run, "a", [0.1, 0.2, 0.3], "low")
    second = _with_folds(run, "b", [0.5, 0.1, None], "low")
    found = selection_bias([first, second], "m")
    assert found is not None
    assert found.bias == pytest.approx(0.1 / 3)
    assert found.corrected == pytest.approx(0.2 + 0.1 / 3)


def test_nothing_to_choose_from(project: Project) -> None:
    """One candidate, other folds, or a fold without a value: it cannot be said."""
    run = write_run(project.root, "trial")
    first = _with_folds(run, "a", [0.9, 0.8, 0.7], "high")
    elsewhere = replace(
        _with_folds(run, "b", [0.5, 0.9, 0.9], "high"), split=replace(run.split, digest="x")
    )
    holes = _with_folds(run, "c", [0.99, None, 0.9], "high")
    assert selection_bias([first, elsewhere], "m") is None
    assert selection_bias([first, holes], "m") is None
    assert selection_bias([], "m") is None


def test_it_is_about_what_choosing_flatters(project: Project) -> None:
    """Of 30 candidates that are all worth 0.7, the best looks better; corrected it is not."""
    run = write_run(project.root, "trial")
    draw = np.random.default_rng(0)
    looks, corrected = [], []
    for _ in range(60):
        folds = 0.7 + draw.normal(0, 0.02, (30, 5))
        runs = [_with_folds(run, str(i), list(row), "high") for i, row in enumerate(folds)]
        found = selection_bias(runs, "m")
        assert found is not None and found.bias >= 0
        looks.append(found.value - 0.7)
        corrected.append(found.corrected - 0.7)
    assert np.mean(looks) > 0.012
    assert abs(np.mean(corrected)) < np.mean(looks)


def test_the_same_candidate_under_other_splits(project: Project) -> None:
    """Each split has a row; others say how far they are from the declared one, with interval."""
    write_experiment(project.root, "trial", 5)
    runs = store.runs_of(project, "trial")
    summary = summarize(project, about(runs[0].metrics), {run.run for run in runs})
    gaps = [gap for gap in summary.comparisons if gap.against == "split"]
    assert {gap.other for gap in gaps} == {summary.leader}
    assert len(gaps) == 2 * len(summary.metrics)
    assert all(gap.p is None and gap.low is not None for gap in gaps)
    rows = honesty(runs, summary)
    assert [(row.kind, row.declared) for row in rows] == [
        ("by", True),
        ("random", False),
        ("forward", False),
    ]
    own = rows[0]
    assert own.difference is None and own.value is not None
    for row in rows[1:]:
        assert row.candidate == own.candidate
        assert row.value is not None and row.difference is not None
        assert row.difference == pytest.approx(row.value - own.value, rel=1e-6)
        assert row.difference_low is not None and row.difference_high is not None
        assert row.difference_low < row.difference < row.difference_high
    # Where the interval leaves out nought, two splits differ.
    assert all(g.distinguishable == ((g.low or 0) > 0 or (g.high or 0) < 0) for g in gaps)


def test_outdated_runs_have_no_row(project: Project) -> None:
    """Only what is current is shown, and a candidate without another split is not."""
    write_experiment(project.root, "trial", 5)
    runs = store.runs_of(project, "trial")
    current = {run.run for run in runs if run.split.kind != "random"}
    rows = honesty(runs, summarize(project, about(runs[0].metrics), current))
    assert [row.kind for row in rows] == ["by", "forward"]
    none = {run.run for run in runs if run.role == "candidate"}
    assert honesty(runs, summarize(project, about(runs[0].metrics), none)) == ()
