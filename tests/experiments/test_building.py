"""Candidates become pipelines of scikit-learn that take a frame of the dataset's columns."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.pipeline import Pipeline

from analysis.experiments.candidates.building import build
from analysis.experiments.candidates.expanding import expand
from analysis.experiments.declared.experiment import ColumnKind
from tests.experiments.conftest import changed, read
from tests.experiments.test_mistakes import LOGISTIC, RATE
from tests.experiments.test_parameters import NESTED, VOTING
from tests.warehouse.conftest import Folder

KINDS: dict[str, ColumnKind] = {
    "weight": "number",
    "express": "boolean",
    "town": "category",
    "parcels": "number",
}
HGB = "sklearn.ensemble.HistGradientBoostingClassifier"


def frame(rows: int = 120) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Give rows as a run makes them: booleans as numbers, categories as pandas has them."""
    chance = np.random.default_rng(0)
    x = pd.DataFrame(
        {
            "weight": chance.normal(size=rows),
            "express": chance.integers(0, 2, rows).astype(float),
            "town": pd.Categorical(chance.choice(["Ulm", "Bonn", "Kiel"], rows)),
            "parcels": chance.integers(0, 9, rows).astype(float),
        }
    )
    y = (x["weight"] + 2 * (x["town"] == "Ulm") > 0.5).to_numpy().astype(int)
    return x, y


def built(folder: Folder, *changes: tuple[str, str], seed: int = 7) -> Any:
    """Build the last candidate of the experiment."""
    candidate = expand(read(changed(folder, *changes)))[-1]
    return build(folder.project, candidate, KINDS, seed)


def hgb(more: str = "") -> tuple[str, str]:
    """Add a candidate of gradient boosting at the end."""
    return LOGISTIC, f"{LOGISTIC}  hgb:\n    estimator: {HGB}\n{more}"


def test_a_pipeline(folder: Folder) -> None:
    """Columns by kind, then steps, then the model; the order of the columns is kept."""
    model = built(folder)
    assert isinstance(model, Pipeline) and is_classifier(model)
    assert [name for name, _ in model.steps] == ["columns", "standardscaler", "model"]
    chosen = model.named_steps["columns"].transformers
    assert [(kind, names) for kind, _, names in chosen] == [
        ("number", ["weight", "parcels"]),
        ("boolean", ["express"]),
        ("category", ["town"]),
    ]
    assert [how if isinstance(how, str) else [n for n, _ in how.steps] for _, how, _ in chosen] == [
        "passthrough",
        "passthrough",
        ["onehotencoder"],
    ]
    x, y = frame()
    model.fit(x, y)
    assert [*model.feature_names_in_] == [*KINDS]
    assert model.score(x, y) > 0.7


def test_always_a_pipeline(folder: Folder) -> None:
    """Also where nothing stands before the model."""
    model = built(folder, hgb("    preprocessing: {category: []}\n"))
    assert [name for name, _ in model.steps] == ["model"]


def test_categories_that_stay_categories(folder: Folder) -> None:
    """Beside numbers that are preprocessed, gradient boosting still sees pandas' categories."""
    scaled = "    preprocessing: {category: [], number: sklearn.preprocessing.StandardScaler}\n"
    x, y = frame()
    model = built(folder, hgb(scaled)).fit(x, y)
    boosted = model.named_steps["model"]
    assert [*boosted.is_categorical_] == [False, False, False, True]
    assert model.predict_proba(x).shape == (120, 2)
    # A town that no row was trained on is a missing one.
    other = x.assign(town=pd.Categorical(["Rom"] * 120))
    assert len(model.predict(other)) == 120


def test_a_model_that_takes_no_sparse_rows(folder: Folder) -> None:
    """What it gets does not depend on how many noughts there are."""
    x, y = frame()
    x["town"] = pd.Categorical([f"t{n % 60}" for n in range(120)])
    assert built(folder, hgb()).fit(x, y).predict(x).shape == (120,)
    sparse = built(folder, ("    steps: sklearn.preprocessing.StandardScaler\n", "")).fit(x, y)
    assert hasattr(sparse.named_steps["columns"].transform(x), "tocsr")


def test_seeds(folder: Folder) -> None:
    """Everything that is by chance gets the seed, inner estimators too, unless it has its own."""
    model = built(folder, (RATE + "\n", ""), (LOGISTIC, f"{LOGISTIC}{NESTED}"))
    states = {k: v for k, v in model.get_params().items() if k.endswith("random_state")}
    assert states == {
        "model__estimator__random_state": 7,
        "model__estimator__estimator__random_state": 7,
    }
    own = hgb("    parameters: {random_state: 3}\n")
    assert built(folder, own).get_params()["model__random_state"] == 3


def test_the_same_seed_gives_the_same_model(folder: Folder) -> None:
    """And another seed another one."""
    forest = HGB.replace("HistGradientBoosting", "RandomForest")
    change = (
        LOGISTIC,
        f"{LOGISTIC}  forest: {{estimator: {forest}, grid: {{n_estimators: [5]}}}}\n",
    )
    x, y = frame()

    def predicted(seed: int) -> Any:
        return built(folder, change, seed=seed).fit(x, y).predict_proba(x)

    assert np.array_equal(predicted(1), predicted(1))
    assert not np.array_equal(predicted(1), predicted(2))


def test_several_estimators_in_one(folder: Folder) -> None:
    """A mapping names them; a list is named by their classes."""
    x, y = frame()
    model = built(folder, (LOGISTIC, f"{LOGISTIC}{VOTING}")).fit(x, y)
    assert [name for name, _ in model.named_steps["model"].estimators] == ["one", "two"]
    assert model.named_steps["model"].estimators[1][1].max_depth == 2
    stacked = f"""\
  stacked:
    estimator: sklearn.ensemble.StackingClassifier
    parameters:
      estimators: [sklearn.naive_bayes.GaussianNB, {HGB}, {{estimator: {HGB}}}]
      final_estimator: {{estimator: sklearn.linear_model.LogisticRegression, parameters: {{C: 2}}}}
"""
    model = built(folder, (LOGISTIC, LOGISTIC + stacked))
    inner = model.named_steps["model"]
    name = "histgradientboostingclassifier"
    assert [name for name, _ in inner.estimators] == ["gaussiannb", name, f"{name}-2"]
    assert inner.final_estimator.C == 2
    assert inner.estimators[1][1].random_state == 7


def test_lists_where_scikit_learn_has_tuples(folder: Folder) -> None:
    """YAML has no tuples."""
    scaler = "{estimator: sklearn.preprocessing.MinMaxScaler, parameters: {feature_range: [-1, 1]}}"
    model = built(folder, ("sklearn.preprocessing.StandardScaler", scaler))
    x, y = frame()
    assert model.fit(x, y).named_steps["minmaxscaler"].feature_range == (-1, 1)


def test_what_scikit_learn_calls_experimental(folder: Folder) -> None:
    """It is found like any other."""
    model = built(
        folder, ("preprocessing:\n", "preprocessing:\n  number: sklearn.impute.IterativeImputer\n")
    )
    x, y = frame()
    x.loc[3, "weight"] = np.nan
    assert len(model.fit(x, y).predict(x)) == 120


@pytest.mark.parametrize("kinds", [["weight"], ["town"], ["express", "weight"]])
def test_only_some_kinds(folder: Folder, kinds: list[str]) -> None:
    """A kind of which there is no column has no part in the pipeline."""
    candidate = expand(read(changed(folder)))[-1]
    model = build(folder.project, candidate, {name: KINDS[name] for name in kinds}, 1)
    x, y = frame()
    model.fit(x[kinds], y)
    assert ("columns" in model.named_steps) == ("town" in kinds)


def test_it_can_be_cloned_and_sent(folder: Folder) -> None:
    """Candidates go to other processes; models are cloned for each fold."""
    candidate = pickle.loads(pickle.dumps(expand(read(changed(folder)))[-1]))
    model = build(folder.project, candidate, KINDS, 1)
    x, y = frame()
    first = clone(model).fit(x, y).predict_proba(x)
    assert np.array_equal(first, clone(model).fit(x, y).predict_proba(x))
