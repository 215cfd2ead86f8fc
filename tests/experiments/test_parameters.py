"""Parameters of estimators, also of those in others, are checked before anything is trained."""

from __future__ import annotations

import pytest

from tests.experiments.conftest import changed, checked, failed
from tests.experiments.test_mistakes import LOGISTIC, RATE
from tests.warehouse.conftest import Folder

MODEL = "    estimator: sklearn.linear_model.LogisticRegression"
PARAMETERS: list[tuple[tuple[str, str], int, str, str | None]] = [
    ((LOGISTIC, "    parameters: {CC: 1}\n"), 15, "has no parameter `CC`", "did you mean `C`?"),
    (
        (LOGISTIC, "    parameters:\n      C: 1\n      depth: 3\n"),
        17,
        "no parameter `depth`",
        "it has C",
    ),
    (
        (LOGISTIC, "    parameters:\n      C: -1\n"),
        16,
        "the 'C' parameter of LogisticRegression must",
        None,
    ),
    (
        (LOGISTIC, "    parameters: {C: 1e-3}\n"),
        15,
        "Got '1e-3' instead",
        "YAML takes 1e-3 for text: write 0.001",
    ),
    ((LOGISTIC, "    parameters: {solver: fast}\n"), 15, "the 'solver' parameter", None),
    ((LOGISTIC, "    grid:\n      depth: [1]\n"), 16, "has no parameter `depth`", "it has"),
    ((LOGISTIC, "    grid:\n      C: [1, -1]\n"), 16, "the 'C' parameter of", None),
    (
        (LOGISTIC, "    grid: {pca__n_components: [1]}\n"),
        15,
        "has no parameter `pca__n_components`",
        None,
    ),
    (
        (LOGISTIC, "    grid:\n      standardscaler__with_men: [true]\n"),
        16,
        "`StandardScaler` has no parameter `with_men`",
        "did you mean `with_mean`?",
    ),
    (
        (
            "    steps: sklearn.preprocessing.StandardScaler",
            "    steps: sklearn.preprocessing.Standard",
        ),
        14,
        "there is no `Standard` in `sklearn.preprocessing`",
        "`sklearn.preprocessing.StandardScaler`",
    ),
    (
        ("    steps: sklearn.preprocessing.StandardScaler", "    steps: [sklearn.svm.SVC]"),
        14,
        "`sklearn.svm.SVC` cannot stand before a model",
        "`transform`",
    ),
    (
        ("steps: sklearn.preprocessing.StandardScaler", "steps:\n      - sklearn.manifold.TSNE"),
        15,
        "`sklearn.manifold.TSNE` cannot stand before a model",
        None,
    ),
    (
        ("{handle_unknown: ignore}", "{handle_unknwon: x}"),
        9,
        "`handle_unknwon`",
        "`handle_unknown`?",
    ),
    (("sklearn.preprocessing.OneHotEncoder", "os.path"), 9, "is not from a package", None),
    (
        (MODEL, "    estimator: sklearn.multiclass.OneVsRestClassifier"),
        13,
        "`OneVsRestClassifier` needs the parameter `estimator`",
        "add `parameters: {estimator: ...}`",
    ),
]


@pytest.mark.parametrize(("change", "line", "what", "hint"), PARAMETERS)
def test_wrong_parameters(
    folder: Folder, change: tuple[str, str], line: int, what: str, hint: str | None
) -> None:
    changes = [change]
    if "needs the parameter" in what:
        changes.append((LOGISTIC, ""))
    error = failed(changed(folder, *changes))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")


NESTED = """\
  nested:
    estimator: sklearn.calibration.CalibratedClassifierCV
    parameters:
      cv: 3
      estimator:
        estimator: sklearn.ensemble.BaggingClassifier
        parameters:
          estimator: sklearn.tree.DecisionTreeClassifier
"""
INSIDE: list[tuple[str, str, int, str, str | None]] = [
    (
        "CalibratedClassifierCV",
        "CalibratedClassifier",
        12,
        "there is no `CalibratedClassifier`",
        None,
    ),
    ("BaggingClassifier", "BagingClassifier", 16, "there is no `BagingClassifier`", "Bagging"),
    ("sklearn.tree.Dec", "os.Dec", 18, "`os.DecisionTreeClassifier` is not from", None),
    ("sklearn.tree.Dec", "sklearn.tre.Dec", 18, "no module `sklearn.tre`", "sklearn.tree.Deci"),
    (
        "          estimator",
        "          estimatr",
        18,
        "has no parameter `estimatr`",
        "`estimator`?",
    ),
    (
        "        parameters:\n          est",
        "        params:\n          est",
        17,
        "unknown key `params`",
        None,
    ),
    ("cv: 3", "estimator__n_estimators: 0", 14, "the 'n_estimators' parameter of Bagging", None),
    (
        "cv: 3",
        "estimator__n_estimatrs: 5",
        14,
        "has no parameter `estimator__n_estimatrs`",
        "tors`?",
    ),
    ("cv: 3", "cvs: 3", 14, "has no parameter `cvs`", "`cv`?"),
]


@pytest.mark.parametrize(("old", "new", "line", "what", "hint"), INSIDE)
def test_a_mistake_in_a_nested_estimator(
    folder: Folder, old: str, new: str, line: int, what: str, hint: str | None
) -> None:
    """The line is that of the inner one."""
    assert old in NESTED
    error = failed(changed(folder, (RATE, NESTED.replace(old, new).rstrip("\n"))))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")


VOTING = """\
  voting:
    estimator: sklearn.ensemble.VotingClassifier
    parameters:
      voting: soft
      estimators:
        one: sklearn.naive_bayes.GaussianNB
        two: {estimator: sklearn.tree.DecisionTreeClassifier, parameters: {max_depth: 2}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("GaussianNB", "GaussNB", 16, "there is no `GaussNB`"),
        ("max_depth", "depth", 17, "has no parameter `depth`"),
        ("one: sklearn.naive_bayes.GaussianNB", "one: 5", 16, "`5` is no dotted path"),
        ("two: {estimator", "two: {model", 17, "unknown key `model`"),
        ("parameters: {max_depth: 2}", "parameters: [2]", 17, "this is no estimator"),
    ],
)
def test_a_mistake_in_one_of_several(
    folder: Folder, old: str, new: str, line: int, what: str
) -> None:
    assert old in VOTING
    error = failed(changed(folder, (RATE, VOTING.replace(old, new).rstrip("\n"))))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"


KEPT = """\
  kept:
    estimator: sklearn.pipeline.Pipeline
    parameters:
      memory: .cache
      steps: {one: sklearn.preprocessing.StandardScaler, two: sklearn.naive_bayes.GaussianNB}
  grown:
    estimator: sklearn.ensemble.BaggingClassifier
    parameters:
      estimator:
        estimator: sklearn.pipeline.Pipeline
        parameters: {steps: {two: sklearn.naive_bayes.GaussianNB}}
      estimator__memory: .cache"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("estimator__memory: .cache", "n_estimators: 3", 14),
        ("memory: .cache\n      steps", "steps", 21),
    ],
)
def test_fits_are_kept_nowhere_else(folder: Folder, old: str, new: str, line: int) -> None:
    """What lies in a ``memory`` is in no key, and is a pickle."""
    assert old in KEPT
    error = failed(changed(folder, (RATE, KEPT.replace(old, new))))
    assert error.what == "`Pipeline` must not keep its fits in a `memory`"
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    checked(changed(folder, (RATE, KEPT.replace("memory: .cache", "memory: null"))))
