"""The demo's experiments: their committed runs are of what is declared, and say what is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from analysis.experiments.declared.file import experiment_names, read_experiment
from analysis.experiments.running.events import Event
from analysis.experiments.running.run import Options, run_experiment
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import runs_of
from analysis.project import Project, open_project
from tests.demo.conftest import ROOT


@pytest.fixture(scope="module")
def demo(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the demo's warehouse, experiments and runs in a folder of their own."""
    [(file,)] = warehouse.execute(
        "select path from duckdb_databases() where database_name = 'warehouse'"
    ).fetchall()
    root = tmp_path_factory.mktemp("experiments")
    shutil.copy(ROOT / "_quarto.yml", root)
    (root / "data").mkdir()
    for name in (file, Path(file).with_suffix(".json")):
        shutil.copy(name, root / "data")
    for name in ("experiments", "runs"):
        shutil.copytree(ROOT / "data" / name, root / "data" / name)
    return open_project(root)


def current(project: Project, name: str) -> dict[str, Run]:
    """Find the runs of an experiment; nothing may be left to do for them."""

    def nothing(event: Event) -> None:
        raise AssertionError(f"the committed runs of {name} are not current: {event}")

    result = run_experiment(project, read_experiment(project, name), Options(1), nothing)
    assert {run.run for run in result.current} == {run.run for run in runs_of(project, name)}
    return {f"{run.candidate} {run.split.kind}": run for run in result.current}


def test_all_runs_are_committed(demo: Project) -> None:
    """A fresh clone trains nothing: each declared candidate has its run, and none failed."""
    for name in experiment_names(demo):
        assert not [run for run in current(demo, name).values() if run.failure]


def test_a_random_split_flatters(demo: Project) -> None:
    """Flights of one day share its weather, so that a random split tells of days that are known."""
    runs = current(demo, "late-flights")
    assert len({name.partition(" ")[0] for name in runs}) >= 8
    for candidate in ("forest", "boosting-weather"):
        auc = {kind: runs[f"{candidate} {kind}"].metrics[0] for kind in ("random", "by", "forward")}
        values = {kind: metric.value or 0 for kind, metric in auc.items()}
        assert values["random"] > values["by"] + 0.04 > values["forward"] + 0.04
        assert abs(values["random"] - 0.784) < 0.01 and abs(values["by"] - 0.721) < 0.01
        # An interval by days is several times wider than one by rows would be.
        low, high = auc["by"].low, auc["by"].high
        assert low is not None and high is not None and high - low > 0.02


def test_penguins_are_told_apart(demo: Project) -> None:
    """Three species: all that was measured tells them apart, the bill alone nearly."""
    runs = current(demo, "penguin-species")
    accuracy = {name: run.metrics[0].value or 0 for name, run in runs.items()}
    assert max(accuracy.values()) > 0.99
    assert 0.9 < accuracy["bill-only random"] < 0.98
    assert accuracy["most-frequent random"] < 0.5
