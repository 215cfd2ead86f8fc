"""Which code a candidate stands on: a change of it makes its runs anew."""

from __future__ import annotations

import sklearn

from analysis.experiments.candidates.code import code_of, packages_of, paths_of
from analysis.experiments.candidates.expanding import expand
from analysis.files import digest
from tests.experiments.conftest import changed, read
from tests.experiments.test_estimators import own
from tests.experiments.test_mistakes import LOGISTIC, RATE
from tests.experiments.test_parameters import NESTED, VOTING
from tests.warehouse.conftest import Folder

__all__ = ["own"]


def test_scikit_learn_alone(own: Folder) -> None:
    """The project's own modules count only where they are used."""
    _, logistic = expand(read(changed(own)))
    assert code_of(own.project, logistic) == {}
    packages = packages_of(own.project, logistic)
    assert [*packages] == ["numpy", "pandas", "scikit-learn", "scipy"]
    assert packages["scikit-learn"] == sklearn.__version__


def test_modules_of_the_project(own: Folder) -> None:
    """What the estimator's module imports counts, in functions too; and what that imports."""
    rate, _ = expand(read(changed(own, (RATE, "  rate: models.Often"))))
    code = code_of(own.project, rate)
    assert [*code] == [
        "src/models.py",
        "src/shared/__init__.py",
        "src/shared/helpers.py",
        "src/shared/late.py",
    ]
    assert code["src/shared/__init__.py"] == digest(b"")
    assert [*packages_of(own.project, rate)] == [
        "numpy",
        "pandas",
        "PyYAML",
        "scikit-learn",
        "scipy",
    ]
    own.write("src/shared/helpers.py", "def doubled(x):\n    return x + x\n")
    own.write("src/broken.py", "x = 2\n")
    after = code_of(own.project, rate)
    assert {path for path in code if code[path] != after[path]} == {"src/shared/helpers.py"}


def test_estimators_within_others(own: Folder) -> None:
    """Those in parameters, steps and preprocessing count as well."""
    inside = VOTING.replace("sklearn.naive_bayes.GaussianNB", "models.Often")
    candidates = expand(read(changed(own, (LOGISTIC, LOGISTIC + NESTED + inside))))
    assert paths_of(candidates[2]) == (
        "sklearn.preprocessing.OneHotEncoder",
        "sklearn.calibration.CalibratedClassifierCV",
        "sklearn.ensemble.BaggingClassifier",
        "sklearn.tree.DecisionTreeClassifier",
    )
    assert "src/models.py" in code_of(own.project, candidates[3])
    scaled = ("sklearn.preprocessing.StandardScaler", "shared.late.Scaler")
    _, logistic = expand(read(changed(own, scaled)))
    assert [*code_of(own.project, logistic)] == ["src/shared/__init__.py", "src/shared/late.py"]
