"""Runs against the best and the baseline are as if each pair were compared alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.experiments.comparing.compared import compare
from analysis.experiments.comparing.measured import Measured, measured
from analysis.experiments.comparing.order import baseline_of, candidates, gain, leader_of
from analysis.experiments.comparing.simultaneous import simultaneous_limits
from analysis.experiments.comparing.summary import About, summarize
from analysis.experiments.metrics.metric import Metric
from analysis.experiments.runs import store
from analysis.experiments.runs.record import Comparison, MetricValue, Run, Summary
from analysis.project import Project, find_project
from tests.helpers.projects import write_project
from tests.helpers.runs import write_experiment, write_run

NAMES = ("roc_auc", "brier", "log_loss", "calibration_slope", "observed_expected")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project without anything."""
    return find_project(write_project(tmp_path, {}))


def about(metrics: Sequence[MetricValue], **changes: Any) -> About:
    """Say what is declared of an experiment."""
    told = About(
        experiment="trial",
        question="Which?",
        owner=None,
        task="binary",
        sample="samples.trips",
        features=("features.plan",),
        target="late",
        positive="true",
        metrics=tuple(Metric(metric.name, metric.best) for metric in metrics),
        split="by day, 5 folds",
        blocks="day",
        candidates=7,
        baseline="base rate",
    )
    return replace(told, **changes)


def _summarized(project: Project, *left_out: str, **changes: Any) -> tuple[Summary, list[Run]]:
    runs = list(store.runs_of(project, "trial"))
    current = {run.run for run in runs} - {*left_out}
    metrics = next(run for run in runs if run.metrics).metrics
    return summarize(project, about(metrics, **changes), current), runs


def test_each_pair_is_as_if_compared_alone(project: Project) -> None:
    """Difference, interval and p agree with those of the files of the two runs."""
    write_experiment(project.root, "trial", 7, failed=1)
    summary, runs = _summarized(project)
    by_name = {run.run: run for run in runs}
    others = {"best": summary.leader, "baseline": summary.baseline}
    checked = [gap for gap in summary.comparisons if gap.against != "split"]
    assert len(checked) == 2 * 5 * len(NAMES)
    for gap in checked:
        assert gap.other == others[gap.against] != gap.run
        _check(project, gap, by_name[gap.run], by_name[gap.other])


def _check(project: Project, gap: Comparison, run: Run, other: Run) -> None:
    column = NAMES.index(gap.metric)
    mine, its = run.metrics[column], other.metrics[column]
    assert mine.value is not None and its.value is not None
    assert gap.difference == pytest.approx(mine.value - its.value, rel=1e-6)
    first, second = store.replicates_of(project, run), store.replicates_of(project, other)
    assert first is not None and second is not None
    drawn = first[:, column] - second[:, column]
    assert (gap.low, gap.high) == pytest.approx(tuple(np.percentile(drawn, [2.5, 97.5])), rel=1e-6)
    folds = [
        a.metrics[gap.metric] - b.metrics[gap.metric]
        for a, b in zip(run.folds, other.folds, strict=True)
    ]  # type: ignore[operator]
    share = sum(f.test_rows for f in run.folds) / sum(f.train_rows for f in run.folds)
    t = np.mean(folds) / np.sqrt((1 / len(folds) + share) * np.var(folds, ddof=1))
    assert gap.p == pytest.approx(2 * stats.t.sf(abs(t), len(folds) - 1), rel=1e-6)
    assert gap.paired
    if gap.distinguishable:
        assert gap.p < 0.05 and (gap.low > 0 or gap.high < 0)


def test_the_deciding_metric_comes_first(project: Project) -> None:
    """The best is first by it, then by the others; the baseline after that."""
    write_experiment(project.root, "trial", 4, honesty=False)
    summary, _ = _summarized(project)
    order = list(dict.fromkeys((gap.against, gap.metric) for gap in summary.comparisons))
    assert order == [(against, name) for against in ("best", "baseline") for name in NAMES]


def test_what_is_summarized(project: Project) -> None:
    """All runs are listed; leader, baseline and comparisons are of those that are current."""
    write_experiment(project.root, "trial", 6, failed=1)
    whole, runs = _summarized(project)
    assert {row.run for row in whole.runs} == {run.run for run in runs}
    assert all(row.current for row in whole.runs)
    assert whole.updated == runs[-1].created
    assert whole.leader and whole.baseline
    best = next(run for run in runs if run.run == whole.leader)
    assert best.metrics[0].value == max(
        run.metrics[0].value or 0 for run in runs if run.metrics and run.role == "candidate"
    )
    fewer, _ = _summarized(project, whole.leader)
    assert fewer.leader not in (None, whole.leader)
    assert whole.leader not in {gap.run for gap in fewer.comparisons}
    assert [row.run for row in fewer.runs if not row.current] == [whole.leader]
    store.write_summary(project, whole)
    assert store.read_summary(project, "trial") == whole


def test_nothing_to_compare(project: Project) -> None:
    """Without runs, or with failed ones only, there is no leader."""
    metrics = (MetricValue("roc_auc", None, None, None, None, None, "high"),)
    summary = summarize(project, about(metrics), set())
    assert (summary.leader, summary.baseline, summary.runs, summary.comparisons) == (
        *(None, None),
        *((), ()),
    )
    failed = write_run(project.root, "trial", "linear", failed="no")
    summary = summarize(project, about(metrics), {failed.run})
    assert summary.leader is None and len(summary.runs) == 1 and summary.selection_bias is None


def test_another_metric_decides(project: Project) -> None:
    """The first declared metric does, whichever stands first in a run."""
    write_experiment(project.root, "trial", 5, honesty=False)
    runs = store.runs_of(project, "trial")
    summary = summarize(
        project,
        about(runs[0].metrics[1:2], baseline=None),
        {run.run for run in runs},
    )
    least = min(runs, key=lambda run: run.metrics[1].value or 0)
    assert (summary.leader, summary.metric, summary.best) == (least.run, "brier", "low")
    assert summary.baseline is None
    assert {gap.metric for gap in summary.comparisons} == {"brier"}


def _measured(
    run: Run, seed: int, draws: int = 100, blocks: str = "a", split: str = "a"
) -> Measured:
    draw = np.random.default_rng(seed)
    run = replace(
        run,
        run=f"{seed}",
        blocks=replace(run.blocks, digest=blocks),
        split=replace(run.split, digest=split),
    )
    drawn = 0.7 + 0.01 * draw.normal(size=(draws, len(NAMES)))
    return measured(run, NAMES, drawn if draws else None)


def test_runs_that_were_not_drawn_together(project: Project) -> None:
    """Other blocks, or another number of draws, are not paired; other folds have no test."""
    run = write_run(project.root, "trial")
    other = _measured(run, 0)
    runs = [
        _measured(run, 1),
        _measured(run, 2, blocks="b"),
        _measured(run, 3, draws=60),
        _measured(run, 4, draws=0),
        _measured(run, 5, split="b"),
    ]
    found = [gap for gap in compare(runs, other, "best", NAMES) if gap.metric == "roc_auc"]
    assert [gap.paired for gap in found] == [True, False, False, False, True]
    assert [gap.low is None for gap in found] == [False, False, False, True, False]
    assert [gap.p is None for gap in found] == [False, False, False, False, True]
    assert not any(gap.distinguishable for gap in found)


def test_the_same_draws_of_other_blocks_do_not_cancel_out(project: Project) -> None:
    """Drawn by the same numbers from other rows, two runs are no closer than by chance."""
    run = write_run(project.root, "trial")
    one = _measured(run, 0)
    other = replace(one, run=replace(one.run, run="x", blocks=replace(run.blocks, digest="b")))
    gap = compare([one], other, "best", NAMES)[0]
    assert gap.low is not None and gap.high is not None
    assert gap.high - gap.low > 0.03
    paired = compare([one], replace(other, run=replace(one.run, run="x")), "best", NAMES)[0]
    assert (paired.low, paired.high) == (0, 0)


def test_runs_with_other_metrics(project: Project) -> None:
    """Numbers are found by the name of the metric; one that a run lacks is missing."""
    run = write_run(project.root, "trial")
    drawn = store.replicates_of(project, run)
    assert drawn is not None
    other = measured(run, ("brier", "f1", "roc_auc"), drawn)
    np.testing.assert_array_equal(
        other.values[[0, 2]], [run.metrics[1].value, run.metrics[0].value]
    )
    assert np.isnan(other.values[1]) and np.isnan(other.folds[:, 1]).all()
    assert other.replicates is not None
    np.testing.assert_array_equal(other.replicates[:, [2, 0]], drawn[:, :2])
    # A file that is not of these metrics is not taken.
    assert measured(run, NAMES, drawn[:, :3]).replicates is None


def test_limits_of_many_differences() -> None:
    """One is the usual 1.96 errors; many that have nothing in common need more, many alike not."""
    draw = np.random.default_rng(0)
    one = draw.normal(0, 0.01, (4000, 1, 1))
    assert simultaneous_limits(one)[0, 0] == pytest.approx(0.0196, rel=0.05)
    apart = draw.normal(0, 0.01, (4000, 100, 1))
    # 100 independent tests of one in twenty in all: 3.48 errors (Sidak 1967).
    assert simultaneous_limits(apart).mean() == pytest.approx(0.0348, rel=0.05)
    alike = np.repeat(one, 100, axis=1) * np.linspace(1, 2, 100)[None, :, None]
    limits = simultaneous_limits(alike)[:, 0] / np.linspace(1, 2, 100)
    np.testing.assert_allclose(limits, 0.0196, rtol=0.05)
    holes = np.concatenate([one, np.full((4000, 1, 1), np.nan)], axis=1)
    found = simultaneous_limits(holes)
    np.testing.assert_allclose(found[:, 0], [simultaneous_limits(one)[0, 0], np.nan])


def test_many_like_the_best_are_not_told_apart(project: Project) -> None:
    """Among 200 candidates that are all the same, hardly one differs; a coin does."""
    run = write_run(project.root, "trial")
    draw = np.random.default_rng(1)
    days, folds = draw.normal(0, 0.01, (200, 1)), draw.normal(0, 0.02, (5, 1))

    def one(number: int, value: float) -> Measured:
        return Measured(
            replace(run, run=str(number)),
            np.array([value]),
            value + folds + draw.normal(0, 0.004, (5, 1)),
            value + days + draw.normal(0, 0.002, (200, 1)),
        )

    best = one(0, 0.75)
    same = [one(number, 0.75) for number in range(1, 200)]
    bad = [one(number, 0.5) for number in range(200, 240)]
    gaps = compare([*same, *bad], best, "best", ("roc_auc",))
    assert sum(gap.distinguishable for gap in gaps[:199]) <= 2
    assert sum(gap.distinguishable for gap in gaps[199:]) == 40


def _valued(run: Run, name: str, value: float | None, best: Any = "high") -> Run:
    metric = MetricValue("m", value, None, None, None, None, best)
    return replace(run, run=name, candidate=name, metrics=(metric,))


def test_the_leader(project: Project) -> None:
    """The best by the metric leads, the first of equal ones; without a value none does."""
    run = write_run(project.root, "trial")
    runs = [_valued(run, n, v) for n, v in (("a", None), ("b", 0.7), ("c", 0.9), ("d", 0.9))]
    assert leader_of(runs, "m") is runs[2]
    low = [_valued(run, n, v, "low") for n, v in (("a", 0.3), ("b", -0.1), ("c", None))]
    assert leader_of(low, "m") is low[1]
    assert leader_of(runs[:1], "m") is None
    assert leader_of(runs, "other") is None
    assert leader_of([], "m") is None
    assert gain(0.9, "one") > gain(1.2, "one") and gain(-0.1, "zero") > gain(0.2, "zero")


def test_the_baseline(project: Project) -> None:
    """It is found by its name, or as the best of a family; it may have no value."""
    run = write_run(project.root, "trial")
    runs = [_valued(run, n, v) for n, v in (("a[x=1]", 0.5), ("a[x=2]", 0.6), ("b", None))]
    runs = [replace(one, family=one.candidate[0]) for one in runs]
    assert baseline_of(runs, "a", "m") is runs[1]
    assert baseline_of(runs, "a[x=1]", "m") is runs[0]
    assert baseline_of(runs, "b", "m") is runs[2]
    assert baseline_of(runs, None, "m") is None
    assert baseline_of(runs, "c", "m") is None


def test_what_is_compared(project: Project) -> None:
    """Failed runs, those of other splits and outdated ones are not."""
    run = write_run(project.root, "trial")
    runs = [
        run,
        replace(run, run="failed", status="failed"),
        replace(run, run="elsewhere", role="honesty"),
        replace(run, run="old"),
    ]
    assert candidates(runs, {run.run, "failed", "elsewhere"}) == (run,)


def test_without_replicates(project: Project) -> None:
    """Where their file is missing there is no interval, and nothing is told apart."""
    write_experiment(project.root, "trial", 3, honesty=False)
    for path in project.root.rglob(store.REPLICATES):
        path.unlink()
    summary, _ = _summarized(project)
    assert summary.comparisons
    assert all(gap.low is None and gap.p is not None for gap in summary.comparisons)
    assert not any(gap.paired or gap.distinguishable for gap in summary.comparisons)
