"""What is run again when something changes, what is judged anew, and runs made once more."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from analysis.experiments.runs.store import curves_of, replicates_of, run_folder
from analysis.warehouse.ingest import ingest
from tests.experiments.conftest import rows
from tests.experiments.running import (
    LOGISTIC,
    OWN,
    command,
    current,
    done,
    file_of,
    made,
    own,
    quick,
    run,
)
from tests.helpers.projects import snapshot
from tests.warehouse.conftest import Folder

SOURCE = "data/raw/parcels.csv"
TWO = (
    "  weight: {estimator: sklearn.tree.DecisionTreeClassifier, features: parcel.weight}\n"
    "  town: {estimator: sklearn.dummy.DummyClassifier, features: parcel.town}"
)


@pytest.fixture
def project(parcels: Folder) -> Folder:
    """Give a project with candidates that take some columns only."""
    return quick(parcels, (LOGISTIC, f"{LOGISTIC}\n{TWO}"))


def test_what_is_there_is_not_made_again(project: Folder) -> None:
    done(project)
    before = snapshot(project.root, "data/runs")
    again = run(project)
    assert (again.code, again.out.splitlines()[0]) == (0, "late: 4 there already")
    assert snapshot(project.root, "data/runs") == before


ALL = {"rate", "logistic", "weight", "town"}
CHANGES: list[tuple[tuple[str, str], set[str]]] = [
    (("C: 0.5", "C: 0.6"), {"logistic"}),
    (("Which parcels come late?", "Which ones?"), set()),
    (("by: day, folds: 3", "by: day, folds: 2"), ALL),
    (("by: day, folds: 3", "by: day, folds: 3, seed: 2"), ALL),
    (("  rate:", "  base:"), {"base"}),
    (("SimpleImputer,", "KNNImputer,"), {"rate", "logistic", "weight"}),
    (("features: parcel.weight", "features: parcel.express"), {"weight"}),
]


@pytest.mark.parametrize(("change", "affected"), CHANGES)
def test_what_is_declared_repeats_what_it_affects(
    project: Folder, change: tuple[str, str], affected: set[str]
) -> None:
    done(project)
    changes = ((LOGISTIC, f"{LOGISTIC}\n{TWO}"), change)
    text = (project.root / "data/experiments/late.yml").read_text()
    assert change[0] in text and changes
    project.write("data/experiments/late.yml", text.replace(*change))
    wanted = affected
    if "KNN" in change[1]:
        wanted = ALL  # preprocessing is declared for all
    assert made(project) == wanted


def test_data_repeats_the_candidates_that_take_the_column(project: Folder) -> None:
    """One value of the town changes, then one of a column that no candidate takes."""
    before = done(project)
    lines = rows().splitlines()
    cells = lines[9].split(",")
    cells[5] = "Bonn" if cells[5] != "Bonn" else "Ulm"
    lines[9] = ",".join(cells)
    project.write(SOURCE, "\n".join(lines) + "\n")
    ingest(project.project)
    assert made(project) == {"rate", "logistic", "town"}
    after = current(project)
    assert after["weight"] == before["weight"]
    changed = {
        name
        for name, content in after["rate"].data.columns.items()
        if content != before["rate"].data.columns[name]
    }
    assert changed == {"town"}
    cells = lines[9].split(",")
    cells[7] = "huge"
    project.write(SOURCE, "\n".join([*lines[:9], ",".join(cells), *lines[10:]]) + "\n")
    ingest(project.project)
    assert made(project) == set()


def test_code_repeats_the_candidates_that_lead_to_it(parcels: Folder) -> None:
    folder = own(parcels, "import helping")
    folder.write("src/helping.py", "A = 1\n")
    folder.write("src/other.py", "A = 1\n")
    done(folder)
    folder.write("src/other.py", "A = 2\n")
    assert made(folder) == set()
    folder.write("src/helping.py", "A = 2\n")
    assert made(folder) == {"own"}


MORE = [
    ("[roc_auc, brier]", "[roc_auc, log_loss, accuracy]"),
    ("draws: 100", "draws: 150"),
    ("draws: 100", "draws: 100\nblocks: week"),
    ("[roc_auc, brier]", "[brier, roc_auc]"),
]


@pytest.mark.parametrize("change", MORE)
def test_other_judging_needs_no_training(parcels: Folder, change: tuple[str, str]) -> None:
    """What comes of it is what running anew would give, to the last digit."""
    support = ("  rate: sklearn.dummy.DummyClassifier", "  svm: sklearn.svm.LinearSVC")
    folder = quick(parcels, support)
    before = done(folder)
    kept = {n: file_of(folder, r, "model.skops").read_bytes() for n, r in before.items()}
    outcome = run(quick(folder, support, change))
    assert outcome.code == 0
    assert "runs     2 to judge anew\n" in outcome.out
    assert "late: 2 judged anew\n" in outcome.out
    judged = current(folder)
    curves = {name: curves_of(folder.project, one) for name, one in judged.items()}
    drawn = {name: replicates_of(folder.project, one) for name, one in judged.items()}
    for name, one in judged.items():
        assert one.run == before[name].run and one.created == before[name].created
        assert file_of(folder, one, "model.skops").read_bytes() == kept[name]
        assert one.seconds == before[name].seconds
    again = snapshot(folder.root, "data/runs")
    assert run(folder).out.startswith("late: 2 there already\n")
    assert snapshot(folder.root, "data/runs") == again
    for one in judged.values():
        for path in run_folder(folder.project, one).iterdir():
            path.unlink()
    fresh = done(folder)
    for name, one in fresh.items():
        assert one.metrics == judged[name].metrics
        assert [f.metrics for f in one.folds] == [f.metrics for f in judged[name].folds]
        assert one.blocks == judged[name].blocks
        assert curves_of(folder.project, one) == curves[name]
        found = replicates_of(folder.project, one)
        assert found is not None and np.array_equal(found, drawn[name], equal_nan=True)


def test_judging_numbers_anew_keeps_what_was_looked_into(parcels: Folder) -> None:
    """Of a forward split, whose first rows no fold predicts."""
    changes = (
        ("{sample: parcels,", "{sample: parcels, target: hours,"),
        ("{by: day, folds: 3}", "{forward: sent, folds: 2}"),
        ("  rate: sklearn.dummy.DummyClassifier\n", ""),
        ("LogisticRegression, parameters: {C: 0.5}", "Ridge"),
        ("learning: false", "learning: {sizes: [0.5, 1]}"),
    )
    folder = quick(parcels, *changes, ("[roc_auc, brier]", "[rmse]"))
    before = done(folder)["logistic"]
    looked = [c for c in curves_of(folder.project, before) if c.curve == "learning"]
    quick(folder, *changes, ("[roc_auc, brier]", "[rmse, mae]"))
    assert "late: 1 judged anew" in run(folder).out
    after = current(folder)["logistic"]
    assert [m.name for m in after.metrics] == ["rmse", "mae"]
    assert after.metrics[0] == before.metrics[0]
    assert [c for c in curves_of(folder.project, after) if c.curve == "learning"] == looked
    # By another first metric, learning curves are other ones.
    quick(folder, *changes, ("[roc_auc, brier]", "[mae]"))
    assert made(folder) == {"logistic"}


def test_without_predictions_a_run_is_made_again(parcels: Folder) -> None:
    folder = quick(parcels)
    before = done(folder)
    file_of(folder, before["rate"], "predictions.parquet").unlink()
    file_of(folder, before["logistic"], "predictions.parquet").write_bytes(b"PAR1")
    assert made(quick(folder, ("draws: 100", "draws: 120"))) == {"rate", "logistic"}


def test_a_rerun_gives_the_same_and_puts_back_what_is_missing(parcels: Folder) -> None:
    folder = quick(
        parcels, (LOGISTIC, "  forest: {estimator: sklearn.ensemble.RandomForestClassifier}")
    )
    found = done(folder)["forest"]
    before = snapshot(folder.root, "data/runs")
    for name in ("predictions.parquet", "model.skops"):
        file_of(folder, found, name).unlink()
    again = command(folder, "rerun", found.run[:6])
    assert again.code == 0, again
    assert "the same: every metric of 3 folds, to the last digit" in again.out
    assert {line for line in again.out.splitlines() if line.startswith("restored")} == {
        "restored predictions.parquet",
        "restored model.skops",
    }
    assert snapshot(folder.root, "data/runs") == before
    assert not [*(folder.root / ".analysis/experiments/late").glob("r*")]


@pytest.mark.parametrize(
    "split", ["{random: true, folds: 2}", "{group: shop, folds: 2}", "{forward: sent, folds: 2}"]
)
def test_a_rerun_needs_no_file_of_its_experiment(parcels: Folder, split: str) -> None:
    """Whatever that says by now, or where it is gone."""
    columns = ("features: [parcel],", "features: [parcel, load], columns: [shop],")
    folder = quick(parcels, ("{by: day, folds: 3}", split), columns)
    found = done(folder)["logistic"]
    (folder.root / "data/experiments/late.yml").unlink()
    again = command(folder, "rerun", found.run)
    assert (again.code, again.err) == (0, ""), again


def test_a_rerun_tells_what_differs(parcels: Folder) -> None:
    """Data, code and packages."""
    folder = own(parcels, "self.C = 0.1")
    found = done(folder)["own"]
    folder.write("src/own.py", OWN % "self.C = 0.0001")
    folder.write(SOURCE, rows().replace(",Ulm,", ",Kiel,", 20))
    ingest(folder.project)
    path = file_of(folder, found, "run.json")
    told = json.loads(path.read_text())
    told["origin"]["packages"]["numpy"] = "1.0"
    path.write_text(json.dumps(told))
    before = snapshot(folder.root, "data/runs")
    again = command(folder, "rerun", found.run)
    assert again.code == 1, again
    changed = re.findall(r"changed  (.*?): ", again.out)
    assert changed == ["column `town`", "module `src/own.py`", "package `numpy`"]
    assert "differs  roc_auc in fold 1: " in again.out
    assert snapshot(folder.root, "data/runs") == before


def test_a_rerun_of_what_is_left_to_chance(parcels: Folder) -> None:
    """Nothing that is recorded differs, and that is what it says."""
    folder = own(parcels, "import random\nself.C = random.SystemRandom().uniform(1e-6, 1e-3)")
    found = done(folder)["own"]
    again = command(folder, "rerun", found.run)
    assert again.code == 1
    assert "its estimator is left to chance" in again.out


def test_what_is_looked_into_later_is_lacking_until_retry(parcels: Folder) -> None:
    """Nothing is trained unasked; it is told what runs lack, and how they get it."""
    done(quick(parcels))
    later = quick(
        parcels,
        ("learning: false", "learning: {sizes: [0.5, 1]}"),
        ("importance: false", "importance: {repeats: 1}"),
    )
    out = run(later).out
    assert "late: 2 there already" in out
    for what in ("learning", "importance"):
        told = f"{what}: 2 runs were made before it was declared; --retry makes again"
        assert f"lacking  {told}" in out
    again = run(later, "--retry").out
    assert "late: 2 made" in again and "lacking" not in again
    kinds = {curve.curve for curve in curves_of(parcels.project, current(later)["logistic"])}
    assert {"learning", "importance"} <= kinds
    assert "late: 2 there already" in run(later, "--retry").out
