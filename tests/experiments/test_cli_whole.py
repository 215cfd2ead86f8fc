"""A small experiment from its file to its comparison, by the commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.experiments.test_cli import experiment, told
from tests.helpers.projects import analysis, write_project

SOURCES = """\
sources:
  trips:
    description: Trips
    kind: csv
    path: trips.csv
    update: fixed
    columns: {id: INTEGER, carrier: VARCHAR, hour: INTEGER, late: BOOLEAN}
"""
PLAN = "/*\ndescription: Plan.\nkey: id\n*/\nselect id, {}, carrier from raw.trips"
EXPERIMENT = """\
question: Which trips are late?
dataset: {sample: trips, features: plan}
split: {random: true, folds: 3, seed: 1}
metrics: [roc_auc, brier]
draws: 100
learning: false
importance: false
honesty: {splits: [{group: carrier, folds: 3}]}
candidates:
  base-rate: sklearn.dummy.DummyClassifier
  logistic:
    estimator: sklearn.linear_model.LogisticRegression
    features: plan.hour
  tree:
    estimator: sklearn.tree.DecisionTreeClassifier
    parameters: {max_depth: 3}
    features: plan.hour
"""
ROWS = "id,carrier,hour,late\n" + "".join(
    f"{i},{'ABCDEF'[i % 6]},{i * 7 % 24},{str((i * 7 % 24) + (i * 5 % 11) > 18).lower()}\n"
    for i in range(300)
)
FILES = {
    "data/sources.yml": SOURCES,
    "trips.csv": ROWS,
    "data/sql/features/plan.sql": PLAN.format("hour"),
    "data/sql/samples/trips.sql": """\
/*
description: Trips.
key: [id]
target: late
*/
select id, late from raw.trips
""",
    "data/experiments/late.yml": EXPERIMENT,
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the experiment once."""
    root = write_project(tmp_path_factory.mktemp("whole"), FILES)
    outcome = analysis(root, "ingest")
    assert outcome.code == 0, outcome.err
    outcome = experiment(root, "run", "late", "--jobs", "2")
    assert "FAILED" not in outcome.out
    return root


def test_it_is_listed_without_remarks(ran: Path) -> None:
    """What was just run is of what is declared, and of the data."""
    [late] = told(ran, "list")["experiments"]
    assert late["runs"] == 4 and late["remarks"] == [] and late["mistake"] is None
    assert late["leader"]["candidate"] in ("logistic", "tree")


def test_it_is_shown_and_compared(ran: Path) -> None:
    """Intervals, the other split, and a difference from the baseline that is told apart."""
    board = told(ran, "show", "late")
    assert [row["metrics"][0]["low"] is not None for row in board["candidates"]] == [True] * 3
    assert [row["declared"] for row in board["honesty"]] == [True, False]
    out = experiment(ran, "compare", "late").out
    baseline = out.split("against the baseline")[1].split("\n\n")[0]
    assert baseline.count(" better") == 2
    assert "flatters its roc_auc" in out and "group carrier, 3 folds" in out


def test_predictions_that_flip(ran: Path) -> None:
    """Rows are named by their key, with what was predicted then and is now."""
    out = experiment(ran, "diff", "late/logistic", "late/tree", "--rows", "2").out
    assert "of 300 rows are predicted otherwise" in out
    assert "id" in out.splitlines()[-3] and "chance A" in out.splitlines()[-3]
    found = told(ran, "diff", "late/logistic", "late/tree", "--rows", "2")
    assert len(found["flips"]["flips"]) == 2 and found["flips"]["rows"] == 300
    assert found["added"] == found["removed"] == found["columns"] == []


def test_rerun_and_other_data(ran: Path) -> None:
    """A run is made again to the last digit; after the data changed, the list says so."""
    run = json.loads(experiment(ran, "show", "late", "--json").out)["candidates"][0]["run"]
    assert "the same: every metric of 3 folds" in experiment(ran, "rerun", run).out
    view = ran / "data/sql/features/plan.sql"
    view.write_text(PLAN.format("hour + 1 as hour"))
    assert analysis(ran, "ingest").code == 0
    [late] = told(ran, "list")["experiments"]
    assert any("its data changed since: features.plan.hour" in one for one in late["remarks"])
