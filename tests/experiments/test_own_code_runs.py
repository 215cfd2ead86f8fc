"""What is declared reaches the processes that train: kinds of columns, the project's own code."""

from __future__ import annotations

import pytest

from analysis.errors import ExperimentError
from analysis.experiments.running.run import Options, Result, run_experiment
from analysis.warehouse.ingest import ingest
from tests.experiments.conftest import changed, read
from tests.experiments.test_estimators import OWN
from tests.experiments.test_mistakes import LOGISTIC, METRICS, RATE, SPLIT
from tests.warehouse.conftest import Folder

LIGHT = "\nlearning: false\nimportance: false\nhonesty: false\n"


def run(folder: Folder) -> Result:
    """Run the experiment ``late``."""
    return run_experiment(folder.project, read(folder), Options(jobs=2), lambda event: None)


def test_modules_that_are_imported_when_an_estimator_is_fitted(parcels: Folder) -> None:
    """They are found in the process that fits it."""
    parcels.write("src/models.py", OWN)
    parcels.write("src/shared/helpers.py", "def doubled(x):\n    return 2 * x\n")
    parcels.write("src/shared/late.py", "needed = 1\n")
    own = (RATE, "  rate: models.Often"), (LOGISTIC, f"    parameters: {{C: 0.5}}{LIGHT}")
    changed(parcels, *own, (METRICS, "metrics: accuracy"))
    found = {run.candidate: run for run in run(parcels).current}
    often, logistic = found["rate"], found["logistic"]
    assert (often.status, logistic.status) == ("done", "done"), often.failure
    assert [*often.origin.code] == ["src/models.py", "src/shared/helpers.py", "src/shared/late.py"]
    assert logistic.origin.code == {}


def test_booleans_are_preprocessed_as_such(parcels: Folder) -> None:
    """Steps for booleans get them, and those for numbers do not."""
    parcels.write("src/steps.py", STEPS)
    steps = "preprocessing:\n  number: steps.Numbers\n  boolean: steps.Booleans\n"
    changed(parcels, ("preprocessing:\n", steps), (LOGISTIC, LIGHT))
    runs = run(parcels).current
    assert [run.status for run in runs] == ["done", "done"], runs[0].failure


STEPS = """\
from sklearn.base import BaseEstimator, TransformerMixin


class Numbers(TransformerMixin, BaseEstimator):
    columns = ["weight", "parcels"]

    def fit(self, X, y=None):
        assert [*X.columns] == self.columns, [*X.columns]
        self.fitted_ = True
        return self

    def transform(self, X):
        return X


class Booleans(Numbers):
    columns = ["express"]
"""


def test_two_splits_that_are_called_alike(parcels: Folder) -> None:
    """Each is split as it says, and one that no one asked for is left out where it cannot be."""
    two = "{by: day, seed: 2}, {by: day, of: day, seed: 3}"
    more = f"    parameters: {{C: 0.5}}{LIGHT.replace('honesty: false', '')}"
    more += f"honesty: {{splits: [{two}], candidates: rate}}\n"
    changed(parcels, (LOGISTIC, more))
    digests = {r.split.digest for r in run(parcels).current if r.candidate == "rate"}
    assert len(digests) == 3


def test_a_split_of_the_panel_that_is_asked_for(parcels: Folder) -> None:
    """That it cannot be had is told before anything is trained."""
    more = "honesty: {splits: [{group: shop}], candidates: rate}\n"
    changed(parcels, (LOGISTIC, LIGHT.replace("honesty: false\n", more)))
    with pytest.raises(ExperimentError, match="4 different values of `shop`") as caught:
        run(parcels)
    assert str(caught.value.where) == "data/experiments/late.yml:18"
    assert not (parcels.root / "data/runs").exists()


def test_a_split_of_the_panel_that_cannot_be(parcels: Folder) -> None:
    """Nobody asked for it, so it is left out."""
    folds = "split: {group: town, folds: 3}"
    sample = "/* {key: id, available_at: sent, target: late} */\n"
    sample += "select * from samples.parcels where day < date '2026-01-04'\n"
    parcels.write("data/sql/samples/few.sql", sample)
    ingest(parcels.project)
    changed(
        parcels,
        ("sample: parcels", "sample: few"),
        (SPLIT, folds),
        (LOGISTIC, LIGHT.replace("honesty: false", "")),
    )
    kinds = [r.split.kind for r in run(parcels).current if r.role == "honesty"]
    assert kinds == ["random"]
