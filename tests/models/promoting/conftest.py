"""A project whose runs can be promoted: models of parcels that come late."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.project import find_project
from tests.experiments.conftest import ingested
from tests.experiments.running import LOGISTIC, done, quick
from tests.helpers.projects import Outcome, analysis
from tests.warehouse.conftest import Folder

__all__ = ["ingested"]

# A model of the project's own, one without probabilities, and one that takes categories as such.
MORE = """
  boosting:
    estimator: sklearn.ensemble.HistGradientBoostingClassifier
    parameters: {max_iter: 5, min_samples_leaf: 5, categorical_features: from_dtype}
    preprocessing: {number: [], category: []}
  machine: {estimator: sklearn.svm.LinearSVC}
  own: own.Own"""
OWN = """\
from sklearn.linear_model import LogisticRegression


class Own(LogisticRegression):
    pass
"""


@pytest.fixture(scope="session")
def tried(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project whose experiment was run; not to be changed."""
    root = tmp_path_factory.mktemp("tried") / "project"
    shutil.copytree(ingested, root)
    folder = Folder(root)
    folder.write("src/own.py", OWN)
    quick(
        folder, (LOGISTIC, f"{LOGISTIC}{MORE}"), ("importance: false", "importance: {repeats: 2}")
    )
    done(folder)
    return root


@pytest.fixture
def root(tried: Path, tmp_path: Path) -> Path:
    """Give the root of such a project of one's own."""
    root = tmp_path / "project"
    shutil.copytree(tried, root)
    return root


def promoted(root: Path, run: str, *options: str, name: str = "late") -> tuple[Outcome, Path]:
    """Promote a run by the command line, and give the folder of the newest version."""
    given = ("--as", name, "--by", "Ann", "--no-validate", *options)
    outcome = analysis(root, "model", "promote", run, *given)
    folders = sorted((root / "data" / "models" / name).glob("*"))
    return outcome, folders[-1] if folders else find_project(root).root
