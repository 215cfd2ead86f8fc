"""The parts of the pages about experiments: scales, words, search spaces, the Pareto front."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.experiments.chosen import MOST, OTHERS, chosen, family_name, family_names
from analysis.report.experiments.intervals import Estimate, drawn, scale_of, written
from analysis.report.experiments.spaces import axes, varied
from analysis.report.experiments.told import ToldExperiment, ToldRun, loss_of
from analysis.report.experiments.tradeoff import front
from analysis.report.experiments.words import (
    digits_for,
    megabytes,
    metric_label,
    moment,
    parameter,
    seconds,
    size,
)
from analysis.report.formats import MINUS, MISSING

GAP = "\N{NO-BREAK SPACE}"


def run(candidate: str, value: float | None = 0.5, **changes: Any) -> ToldRun:
    """Make a run."""
    return ToldRun(
        **{
            "run": f"r-{candidate}",
            "candidate": candidate,
            "family": candidate,
            "role": "candidate",
            "status": "done",
            "current": True,
            "created": "2026-05-01 08:00",
            "estimator": "a.B",
            "parameters": {},
            "failure": None,
            "during": None,
            "split": "random",
            "split_kind": "random",
            "rows": 10,
            "fit_seconds": 1.0,
            "memory_mb": 1.0,
            "model_bytes": 1,
            "commit": None,
            "metrics": {"m": Estimate(value)},
            "from_best": None,
            "from_baseline": None,
            "from_own": None,
            **changes,
        }
    )


def experiment(*runs: ToldRun, best: str = "high", **changes: Any) -> ToldExperiment:
    """Make an experiment of runs."""
    return ToldExperiment(
        **{
            "name": "e",
            "question": "?",
            "owner": None,
            "task": "binary",
            "sample": "samples.s",
            "features": (),
            "target": "t",
            "positive": None,
            "metric": "m",
            "metrics": ("m",),
            "best": {"m": best},
            "split": "random",
            "blocks": "row",
            "candidates": len(runs),
            "leader": None,
            "baseline": None,
            "updated": None,
            "selection_bias": None,
            "runs": runs,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("best", "order"),
    [("high", "cba"), ("low", "abc"), ("one", "cba"), ("zero", "abc")],
)
def test_runs_are_ranked_by_where_the_metric_is_best(best: str, order: str) -> None:
    """Those without a value follow, those that failed come last, others are left out."""
    told = experiment(
        run("failed", None, status="failed"),
        run("none", None),
        run("a", 0.1),
        run("b", -0.4 if best == "zero" else 0.4),
        run("c", 0.8),
        run("old", 1.0, current=False),
        run("honest", 1.0, role="honesty"),
        best=best,
    )
    assert [r.candidate for r in told.shown] == [*order, "none", "failed"]
    assert [r.candidate for r in told.done] == [*order, "none"]
    assert [r.candidate for r in told.earlier] == ["old"]


def test_the_best_the_baseline_and_the_best_of_each_family_are_looked_at() -> None:
    """At most as many as can be told apart; or those that are named."""
    boosting = [run(f"boosting {i}", 0.9 - i / 100, family="boosting") for i in range(9)]
    told = experiment(*boosting, run("base", 0.1), run("tree", 0.3), baseline="r-base")
    names = [r.candidate for r in chosen(told)]
    assert names == ["boosting 0", "boosting 1", "boosting 2", "tree", "base"]
    assert [r.candidate for r in chosen(told, ["tree", "r-base"])] == ["tree", "base"]
    many = experiment(*(run(f"c{i}", i / 100) for i in range(30)), baseline="r-c0")
    assert len(chosen(many)) == MOST
    assert "c0" in [r.candidate for r in chosen(many)]


def test_families_that_have_no_colour_of_their_own_share_one() -> None:
    """The best keep theirs."""
    told = experiment(*(run(f"c{i}", i / 100) for i in range(12)))
    names = family_names(told)
    assert names == ("c11", "c10", "c9", "c8", "c7", "c6", OTHERS)
    assert family_name(told, told.done[0]) == "c11"
    assert family_name(told, told.done[-1]) == OTHERS


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_no_point_beats_one_of_the_front(points: list[tuple[float, float]]) -> None:
    """And each other point is beaten, or equalled, by one of the front."""
    on = front(points)
    for at, (x, y) in enumerate(points):
        beaten = any(a <= x and b <= y and (a, b) != (x, y) for a, b in points)
        if at in on:
            assert not beaten
        else:
            assert any(points[i][0] <= x and points[i][1] <= y for i in on)
    assert list(on) == sorted(on, key=lambda i: points[i])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.001, 0.01, 0.1, 1.0], "log"),
        ([0.011, 0.05, 0.1, 0.9, 0.3, 0.02], "log"),
        ([1, 2, 3, 4, 5], "even"),
        ([10, 50, 60, 100], "even"),
        ([0, 0.1, 1.0], "even"),
        (["sqrt", "log2"], "names"),
        ([3, None, 5], "names"),
        ([True, False], "names"),
    ],
)
def test_a_parameter_has_the_scale_that_its_values_suggest(values: list[Any], kind: str) -> None:
    """All values have a place between nought and one."""
    runs = [run(f"c{i}", parameters={"p": value}) for i, value in enumerate(values)]
    [axis] = axes(runs, ["p"])
    assert axis.kind == kind
    places = [axis.place(value) for value in values]
    assert all(place is not None and 0 <= place <= 1 for place in places)
    assert len(set(places)) == len(set(map(str, values)))


def test_only_parameters_that_differ_are_named() -> None:
    """Among the runs of one declared candidate."""
    told = experiment(
        run("a 1", family="a", parameters={"x": 1, "y": None, "z": "s"}),
        run("a 2", family="a", parameters={"x": 2, "y": 3, "z": "s"}),
        run("b", parameters={"z": "t"}),
    )
    assert varied(told, "a") == ("x", "y")
    assert varied(told, "b") == ()


def test_one_value_far_away_does_not_stretch_the_scale() -> None:
    """It is drawn as an arrow, and written as it is."""
    near = [Estimate(v, v - 0.01, v + 0.01) for v in (0.70, 0.71, 0.72, 0.73, 0.74)]
    scale = scale_of([*near, Estimate(9.0, 8.9, 9.1)])
    assert (scale.low, scale.high) == (0.69, 0.75)
    far = drawn(Estimate(9.0, 8.9, 9.1), scale)
    assert "<circle" not in far
    assert "9.00" in far
    assert "<circle" in drawn(near[0], scale)


def test_what_is_missing_is_a_dash() -> None:
    """Also where nothing is known at all."""
    scale = scale_of([])
    assert drawn(Estimate(None), scale) == MISSING
    assert "small" not in written(Estimate(0.5), scale)
    assert scale_of([Estimate(None), Estimate(0.5)]).place(0.5) > 0


@pytest.mark.parametrize(
    ("widths", "digits"),
    [([0.02, 0.04], 3), ([3.0], 1), ([250.0], 0), ([1e-9], 5), ([], 3), ([None, 0.0], 3)],
)
def test_digits_follow_from_how_wide_intervals_are(widths: list[float], digits: int) -> None:
    """As many as tell something."""
    assert digits_for(widths) == digits


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (metric_label("roc_auc"), "ROC AUC"),
        (metric_label("roc_auc_ovr_weighted"), "ROC AUC one against the rest weighted"),
        (metric_label("neg_mean_absolute_error"), "Mean absolute error (negative)"),
        (metric_label("observed_expected"), "Observed / expected"),
        (metric_label("r2"), "R²"),
        (seconds(0.0123), f"0.01{GAP}s"),
        (seconds(3.14), f"3.1{GAP}s"),
        (seconds(200), f"3{GAP}min 20{GAP}s"),
        (seconds(7500), f"2{GAP}h 5{GAP}min"),
        (seconds(None), MISSING),
        (size(14_200), f"14{GAP}kB"),
        (size(2_140_000), f"2.1{GAP}MB"),
        (size(12), f"12{GAP}B"),
        (size(None), MISSING),
        (megabytes(512.4), f"512{GAP}MB"),
        (parameter(0.00001234), f"1.234e{MINUS}05"),
        (parameter(None), "None"),
        (parameter(True), "True"),
        (moment("2026-05-01T08:05:00+00:00"), "1 May 2026, 08:05 UTC"),
        (moment(""), MISSING),
    ],
)
def test_values_are_written_for_readers(written: str, expected: str) -> None:
    """Short, and with units."""
    assert written == expected


def test_a_loss_grows_where_a_value_is_worse() -> None:
    """Whichever way a metric is best."""
    assert loss_of(0.8, "high") < loss_of(0.7, "high")
    assert loss_of(1.2, "one") > loss_of(0.9, "one")
