"""Search spaces become candidates with names of their own, the same for the same seed."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import Candidate, Place
from analysis.experiments.candidates.expanding import expand
from analysis.experiments.candidates.spaces import settings_of
from analysis.experiments.declared.experiment import CandidateSpec
from analysis.project import parse_yaml
from tests.experiments.conftest import changed, read
from tests.experiments.test_mistakes import LOGISTIC
from tests.warehouse.conftest import Folder


def expanded(folder: Folder, space: str) -> tuple[Candidate, ...]:
    """Expand the experiment, in which the logistic candidate has lines of its own."""
    return expand(read(changed(folder, (LOGISTIC, space))))[1:]


def names(candidates: Iterable[Candidate]) -> list[str]:
    """Name the candidates."""
    return [candidate.name for candidate in candidates]


def test_without_a_space(folder: Folder) -> None:
    """What is declared is one candidate, under its own name."""
    rate, logistic = expand(read(changed(folder)))
    assert (rate.name, rate.family, rate.estimator) == (
        "rate",
        "rate",
        "sklearn.dummy.DummyClassifier",
    )
    assert logistic.parameters == {"C": 0.5}
    assert logistic.recipe == {
        "estimator": "sklearn.linear_model.LogisticRegression",
        "parameters": {"C": 0.5},
        "steps": [{"estimator": "sklearn.preprocessing.StandardScaler", "parameters": {}}],
        "preprocessing": {
            "number": [],
            "boolean": [],
            "category": [
                {
                    "estimator": "sklearn.preprocessing.OneHotEncoder",
                    "parameters": {"handle_unknown": "ignore"},
                }
            ],
        },
        "features": None,
    }


def test_a_grid(folder: Folder) -> None:
    """Every combination, in the order in which it is written; base parameters stay."""
    found = expanded(
        folder, "    parameters: {max_iter: 500}\n    grid: {C: [0.1, 1], penalty: [l2, null]}\n"
    )
    assert names(found) == [
        "logistic[C=0.1, penalty=l2]",
        "logistic[C=0.1, penalty=null]",
        "logistic[C=1, penalty=l2]",
        "logistic[C=1, penalty=null]",
    ]
    assert {candidate.family for candidate in found} == {"logistic"}
    assert found[1].parameters == {"max_iter": 500, "C": 0.1, "penalty": None}


def test_parameters_of_steps_and_preprocessing(folder: Folder) -> None:
    """A name leads to a step, or to a step of the preprocessing, by their classes in small."""
    found = expanded(
        folder,
        "    parameters: {class_weight: {true: 3}}\n"
        "    features: parcel.weight\n"
        "    preprocessing: {number: [sklearn.impute.SimpleImputer]}\n"
        "    grid:\n"
        "      standardscaler__with_mean: [false]\n"
        "      number__simpleimputer__strategy: [median]\n"
        "      category__onehotencoder__min_frequency: [2]\n",
    )
    assert found[0].parameters == {
        "class_weight": {"True": 3},
        "standardscaler__with_mean": False,
        "number__simpleimputer__strategy": "median",
        "category__onehotencoder__handle_unknown": "ignore",
        "category__onehotencoder__min_frequency": 2,
    }
    assert found[0].recipe["steps"][0]["parameters"] == {"with_mean": False}
    assert found[0].features == ("parcel.weight",)
    where = found[0].preprocessing["category"][0].place_of("min_frequency").where
    assert where.line == 21


def test_steps_of_one_class(folder: Folder) -> None:
    """The second gets a number, by which it is found."""
    scaler = "sklearn.preprocessing.StandardScaler"
    twice = (f"steps: {scaler}", f"steps: [{scaler}, {scaler}]")
    space = (LOGISTIC, "    grid: {standardscaler-2__with_std: [false]}\n")
    _, found = expand(read(changed(folder, twice, space)))
    assert [dict(part.parameters) for part in found.steps] == [{}, {"with_std": False}]


def test_estimators_in_a_grid(folder: Folder) -> None:
    """A value may be an estimator; its parameters are flat, too."""
    found = expanded(
        folder,
        "    grid:\n"
        "      estimator:\n"
        "        - sklearn.naive_bayes.GaussianNB\n"
        "        - {estimator: sklearn.svm.LinearSVC, parameters: {C: 2}}\n",
    )
    assert names(found) == ["logistic[estimator=GaussianNB]", "logistic[estimator=LinearSVC(C=2)]"]
    assert found[1].parameters == {"estimator": "sklearn.svm.LinearSVC", "estimator__C": 2}


def test_values_in_names(folder: Folder) -> None:
    """Names are short, but those of different values differ."""
    found = expanded(
        folder,
        "    grid:\n"
        "      C: [1, 0.1, 0.10000001, 1.0e-7, true, .inf, [1, 2.5], {a: 1}, sklearn.svm.SVC]\n",
    )
    assert [name[11:-1] for name in names(found)] == [
        "1",
        "0.1",
        "0.10000001",
        "1e-07",
        "true",
        "inf",
        "[1, 2.5]",
        "{'a': 1}",
        "SVC",
    ]


def test_draws(folder: Folder) -> None:
    """Values are within their ranges, short, and no setting comes twice."""
    space = """\
    random:
      draws: 40
      space:
        C: {from: 0.01, to: 10, log: true}
        tol: {from: 0.5, to: 0.6}
        max_iter: {from: 100, to: 102, whole: true}
        verbose: {from: 1, to: 64, log: true, whole: true}
        solver: [lbfgs, saga]
"""
    found = expanded(folder, space)
    assert len(set(names(found))) == 40
    values = [candidate.parameters for candidate in found]
    assert all(0.01 <= value["C"] <= 10 and 0.5 <= value["tol"] <= 0.6 for value in values)
    assert {value["max_iter"] for value in values} == {100, 101, 102}
    assert {value["solver"] for value in values} == {"lbfgs", "saga"}
    assert all(type(value["verbose"]) is int and 1 <= value["verbose"] <= 64 for value in values)
    assert all(len(repr(value["C"])) <= 8 for value in values)
    below = sum(value["C"] < math.sqrt(0.1) for value in values)
    assert 10 <= below <= 30
    assert names(expanded(folder, space)) == names(found)
    other = expanded(folder, space.replace("draws: 40", "draws: 40\n      seed: 2"))
    assert names(other) != names(found)


def test_draws_of_all_there_are(folder: Folder) -> None:
    """A space that is drawn empty gives each setting once."""
    space = "    random: {draws: 6, space: {C: [1, 2, 3], solver: [lbfgs, saga]}}\n"
    assert len(set(names(expanded(folder, space)))) == 6


@given(
    low=st.floats(1e-6, 1e6),
    width=st.floats(1e-3, 1e3),
    log=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_draws_are_spread_over_any_range(low: float, width: float, log: bool, seed: int) -> None:
    """However narrow a range is, rounding leaves enough values to draw from, and none outside."""
    high = low * (1 + width)
    space = {"C": {"from": low, "to": high, "log": log}}
    random = {"draws": 20, "seed": seed, "space": space}
    spec = CandidateSpec.model_validate({"estimator": "x.Y", "random": random})
    drawn = [s["C"] for s, _ in settings_of("x", spec, Place(parse_yaml("", "e.yml")))]
    assert len(set(drawn)) == 20 and all(low <= value <= high for value in drawn)


MISTAKES = [
    ("    grid: {}\n", 15, "the grid of `logistic` is empty"),
    ("    grid: {C: []}\n", 15, "a parameter has no values"),
    ("    grid:\n      C:\n        - 1\n        - 1\n", 18, "the value 1 stands here twice"),
    ("    grid: {C: [1, 1.0]}\n", 12, "the candidate `logistic[C=1]` comes 2 times"),
    (
        "    grid: {C: [1]}\n    random: {draws: 1, space: {C: [1]}}\n",
        16,
        "a grid and a random search",
    ),
    (f"    grid: {{C: {list(range(501))}}}\n", 15, "has 501 settings, 500 are possible"),
    (f"    grid: {{C: {list(range(500))}}}\n", 10, "these are 501 candidates, 500 are possible"),
    ("    random: {draws: 3, space: {C: 5}}\n", 15, "this is no search space"),
    ("    random: {draws: 3, space: {C: []}}\n", 15, "a parameter has no values"),
    (
        "    random: {draws: 3, space: {C: [1, 2]}}\n",
        15,
        "gave 2 different settings, 3 are to be drawn",
    ),
    (
        "    random:\n      draws: 3\n      space:\n        C: {from: 1}\n",
        18,
        "a range needs `to`, a number",
    ),
    ("    random: {draws: 3, space: {C: {to: 1}}}\n", 15, "a range needs `from`, a number"),
    ("    random: {draws: 3, space: {C: {from: 1e-3, to: 1}}}\n", 15, "and not `1e-3`"),
    ("    random: {draws: 3, space: {C: {from: true, to: 2}}}\n", 15, "and not `True`"),
    ("    random: {draws: 3, space: {C: {from: .nan, to: 2}}}\n", 15, "and not `nan`"),
    ("    random: {draws: 3, space: {C: {from: 1, to: .inf}}}\n", 15, "and not `inf`"),
    (
        "    random: {draws: 3, space: {C: {from: 1, to: 1}}}\n",
        15,
        "the range from 1 to 1 is empty",
    ),
    ("    random: {draws: 3, space: {C: {from: 0, to: 1, log: true}}}\n", 15, "cannot begin at 0"),
    (
        "    random: {draws: 3, space: {C: {from: 0.5, to: 9, whole: true}}}\n",
        15,
        "is of whole numbers",
    ),
    (
        "    random: {draws: 3, space: {C: {from: 1, to: 9, log: 1}}}\n",
        15,
        "`log` is true or false",
    ),
    (
        "    random:\n      draws: 3\n      space:\n        C:\n          form: 1\n",
        19,
        "unknown key `form`",
    ),
]


@pytest.mark.parametrize(("space", "line", "what"), MISTAKES)
def test_a_mistake_in_a_space(folder: Folder, space: str, line: int, what: str) -> None:
    with pytest.raises(ProjectError) as caught:
        expanded(folder, space)
    assert what in caught.value.what
    assert str(caught.value.where) == f"data/experiments/late.yml:{line}"
