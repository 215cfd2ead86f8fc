"""What a run is taken for: its key changes with all that its outcome depends on."""

from __future__ import annotations

import pytest

from analysis.experiments.running.run import Options, run_experiment
from analysis.experiments.running.study import open_study
from analysis.experiments.runs.store import folder_of, runs_of
from tests.experiments.conftest import changed, read
from tests.experiments.test_mistakes import LOGISTIC, SPLIT
from tests.helpers.runs import write_run
from tests.warehouse.conftest import Folder

STACK = """\
  both:
    estimator: sklearn.ensemble.StackingClassifier
    parameters:
      cv: 3
      estimators: {first: sklearn.naive_bayes.GaussianNB, second: sklearn.dummy.DummyClassifier}
"""
TURNED = "{second: sklearn.dummy.DummyClassifier, first: sklearn.naive_bayes.GaussianNB}"


def key(folder: Folder, candidate: str) -> str:
    """Give the key of the run that ``late`` wants of a candidate."""
    planned = open_study(folder.project, read(folder)).candidates()
    return next(one.key for one in planned if one.candidate.name == candidate)


@pytest.mark.parametrize(
    "change",
    [
        ("[parcel, load]", "[load, parcel]"),
        ("  sample: parcels", "  sample: parcels\n  target: number\n  positive: 0"),
        (STACK.splitlines()[-1], f"      estimators: {TURNED}"),
        ("cv: 3", "cv: 4"),
    ],
)
def test_what_a_model_depends_on_is_in_the_key(parcels: Folder, change: tuple[str, str]) -> None:
    """The order of columns and of named estimators is part of that, and so is the target."""
    changed(parcels, (LOGISTIC, f"{LOGISTIC}\n{STACK}"))
    before = key(parcels, "both")
    changed(parcels, (LOGISTIC, f"{LOGISTIC}\n{STACK}"), change)
    assert key(parcels, "both") != before


def test_the_order_of_parameters_is_not_in_the_key(parcels: Folder) -> None:
    """They are told apart by their names."""
    changed(parcels, (LOGISTIC, "    parameters: {C: 0.5, tol: 0.001}"))
    before = key(parcels, "logistic")
    changed(parcels, (LOGISTIC, "    parameters: {tol: 0.001, C: 0.5}"))
    assert key(parcels, "logistic") == before


def test_two_splits_of_the_same_rows_are_one_run(parcels: Folder) -> None:
    """The panel may name one split in two ways."""
    honesty = (
        "learning: false\nimportance: false\n"
        "honesty: {candidates: [logistic], splits: [{by: day}, {by: day, of: day}]}"
    )
    changed(parcels, (SPLIT, f"split: random\n{honesty}"))
    found = run_experiment(parcels.project, read(parcels), Options(jobs=2), lambda event: None)
    assert [(run.role, run.status) for run in found.current] == [
        ("candidate", "done"),
        ("candidate", "done"),
        ("honesty", "done"),
    ]


def test_a_folder_of_another_name_is_not_the_run(parcels: Folder) -> None:
    """Files of a run are found by its name, so its record cannot lead anywhere else."""
    run = write_run(parcels.root, "late", "logistic")
    write_run(parcels.root, "late", "rate", place=1, run="../../raw")
    home = folder_of(parcels.project, "late")
    (home / run.run).rename(home / "copied")
    assert runs_of(parcels.project, "late") == ()
