"""Estimators come from scikit-learn and the project's own modules, and fit their places."""

from __future__ import annotations

import sys

import pytest

from tests.experiments.conftest import changed, checked, failed
from tests.experiments.test_mistakes import LOGISTIC, RATE
from tests.warehouse.conftest import Folder

OWN = '''\
"""Models of the project."""
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression

from shared.helpers import doubled


class Often(ClassifierMixin, BaseEstimator):
    def __init__(self, share=0.5):
        self.share = share

    def fit(self, X, y):
        from shared.late import needed

        self.classes_ = sorted(set(y))
        return self

    def predict(self, X):
        return [self.classes_[0]] * len(X)


class Ahead(BaseEstimator, ClassifierMixin):
    def fit(self, X, y):
        return self

    def predict(self, X):
        return X


class Changing(Often):
    def __init__(self, share=0.5):
        self.share = doubled(share)


class Raising(Often):
    def __init__(self, share=0.5):
        raise RuntimeError("no\\nway")


class Odd(Often):
    def __sklearn_tags__(self):
        raise ValueError("no tags")


class Plain:
    def fit(self, X, y):
        return self


class Nothing(BaseEstimator):
    pass


def make():
    return Often()
'''


@pytest.fixture
def own(folder: Folder) -> Folder:
    """Give a project with models of its own."""
    folder.write("src/models.py", OWN)
    folder.write("src/shared/__init__.py", "")
    folder.write("src/shared/helpers.py", "def doubled(x):\n    return 2 * x\n")
    folder.write("src/shared/late.py", "import yaml\nneeded = 1\n")
    folder.write("src/broken.py", "import os\n\nx = 1 / 0\n")
    folder.write("src/exits.py", "import sys\nsys.exit('bye')\n")
    folder.write("src/wrong.py", "x = (\n")
    folder.write("src/lacks.py", "import not_there_at_all\n")
    folder.write("src/random.py", "")
    return folder


PATHS: list[tuple[str, str, str | None]] = [
    ("sklearn", "`sklearn` is no dotted path", "such as sklearn.linear_model.LogisticRegression"),
    ("sklearn.", "is no dotted path", None),
    ("'os.system(1)'", "is no dotted path", None),
    ("sklearn..Ridge", "is no dotted path", None),
    ("'sklearn.linear model.Ridge'", "is no dotted path", None),
    ("sklearn.class.Ridge", "is no dotted path", None),
    ("skl\u0435arn.linear_model.Ridge", "is no dotted path", None),
    ("os.system", "`os.system` is not from a package that", "they come from sklearn, and from"),
    ("builtins.object", "is not from a package", None),
    ("subprocess.Popen", "is not from a package", None),
    ("xgboost.XGBClassifier", "is not from a package", "the project's own src: broken"),
    ("sklaern.linear_model.Ridge", "is not from a package", "did you mean `sklearn`?"),
    ("analysis.errors.Location", "is not from a package", None),
    ("modles.Often", "is not from a package", "did you mean `models`?"),
    ("sklearn.utils._mocking.MockDataFrame", "is private", None),
    ("models.__name__", "is private", "name a public one"),
    (
        "sklearn.linear_model._logistic.LogisticRegression",
        "is private",
        "`sklearn.linear_model.Log",
    ),
    (
        "sklearn.linear_modle.Ridge",
        "no module `sklearn.linear_modle`",
        "`sklearn.linear_model.Ridge`",
    ),
    (
        "sklearn.linear_model.Rigde",
        "there is no `Rigde` in `sklearn.linear_model`",
        "`sklearn.linea",
    ),
    ("sklearn.Ridge", "there is no `Ridge` in `sklearn`", "`sklearn.linear_model.Ridge`"),
    ("sklearn.ensemble.LogisticRegression", "there is no `Log", "sklearn.linear_model.LogisticReg"),
    ("sklearn.metrics.roc_auc_score", "is a function, and no class", "the class of an estimator"),
    ("sklearn.linear_model", "is a module, and no class", None),
    ("sklearn.utils.Bunch", "is no estimator", "subclass of sklearn.base.BaseEstimator"),
    ("sklearn.base.BaseEstimator", "is no estimator", "`fit`"),
    ("sklearn.preprocessing.StandardScaler", "does not predict", "ends in a model"),
    ("sklearn.cluster.KMeans", "is neither a classifier nor a regressor", None),
    ("sklearn.linear_model.Ridge", "`a` is for regression, but `rate` is not", "the same task"),
    ("models.Oftn", "there is no `Oftn` in `models`", "did you mean `Often`?"),
    ("models.Often.fit", "there is no module `models.Often`", None),
    ("models.sub.Often", "there is no module `models.sub`", None),
    ("shared.nothing.Often", "there is no module `shared.nothing`", None),
    ("models.make", "is a function, and no class", None),
    ("models.Plain", "is no estimator", None),
    ("models.Nothing", "is no estimator", None),
    ("models.doubled", "is a function", None),
    (
        "models.Ahead",
        "is neither a classifier nor a regressor",
        "ClassifierMixin or RegressorMixin fi",
    ),
    ("random.Random", "src/random.py is called like a module of Python", "another name"),
]


@pytest.mark.parametrize(("path", "what", "hint"), PATHS)
def test_a_path_that_is_none(own: Folder, path: str, what: str, hint: str | None) -> None:
    changed(own, (LOGISTIC, f"    parameters: {{C: 0.5}}\n  a:\n    estimator: {path}\n"))
    error = failed(own)
    assert what in error.what
    assert str(error.where) == "data/experiments/late.yml:17"
    assert hint is None or hint in (error.hint or "")


def test_nothing_is_imported_that_is_not_allowed(own: Folder) -> None:
    """The path is looked at before anything is imported."""
    own.write("elsewhere.py", "raise SystemExit\n")
    sys.modules.pop("antigravity", None)
    changed(own, (LOGISTIC, "  a: antigravity.geohash\n"))
    assert "is not from a package" in failed(own).what
    assert "antigravity" not in sys.modules


PLACES = [
    ("broken.Model", "src/broken.py:3", "the module `broken` fails: ZeroDivisionError: division"),
    ("exits.Model", "src/exits.py:2", "the module `exits` fails: SystemExit: bye"),
    ("wrong.Model", "src/wrong.py:1", "the module `wrong` fails: SyntaxError"),
    ("lacks.Model", "src/lacks.py:1", "the module `lacks` fails: ModuleNotFoundError"),
    ("models.Raising", "src/models.py:37", "`models.Raising` cannot be made: RuntimeError: no way"),
    ("models.Odd", "src/models.py:42", "`models.Odd` fails: ValueError: no tags"),
]


@pytest.mark.parametrize(("path", "where", "what"), PLACES)
def test_code_that_fails(own: Folder, path: str, where: str, what: str) -> None:
    """The line in the project's code is told, and where it is used."""
    changed(own, (RATE, f"  rate: {path}"))
    error = failed(own)
    assert what in error.what
    assert str(error.where) == where
    assert error.hint == "it is used in data/experiments/late.yml:11"


def test_an_estimator_that_changes_its_parameters(own: Folder) -> None:
    """It could not be cloned for each fold."""
    changed(own, (RATE, "  rate: models.Changing"))
    error = failed(own)
    assert "`models.Changing` cannot be made: RuntimeError: Cannot clone" in error.what
    assert str(error.where) == "data/experiments/late.yml:11"


def test_estimators_of_the_project(own: Folder) -> None:
    """They may import others of its modules; the import path is left as it was."""
    before = [*sys.path]
    changed(own, (RATE, "  rate: {estimator: models.Often, parameters: {share: 0.2}}"))
    assert checked(own).aim == "classification"
    assert sys.path == before


def test_two_projects_with_modules_of_one_name(own: Folder, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    """Each gets its own, in one process too."""
    changed(own, (RATE, "  rate: models.Often"))
    checked(own)
    other = Folder(tmp_path_factory.mktemp("other") / "project")
    other.write("src/models.py", OWN.replace("Often", "Seldom").replace("shared.helpers", "tools"))
    other.write("src/tools.py", "def doubled(x):\n    return x\n")
    changed(other, (RATE, "  rate: models.Seldom"))
    checked(other)
    changed(other, (RATE, "  rate: models.Often"))
    assert "there is no `Often` in `models`" in failed(other).what


@pytest.mark.parametrize("name", ["yaml", "pandas", "duckdb"])
def test_a_module_called_like_an_installed_package(folder: Folder, name: str) -> None:
    """Neither is taken for the other, though the package may be imported already."""
    folder.write(f"src/{name}.py", OWN.replace("from shared.helpers import doubled", ""))
    changed(folder, (RATE, f"  rate: {name}.Often"))
    error = failed(folder)
    assert error.what == f"the module `{name}` is called like an installed package"
    assert str(error.where) == f"src/{name}.py"


def test_a_helper_called_like_an_installed_package(folder: Folder) -> None:
    """Also where a module only leads to it."""
    folder.write("src/models.py", OWN.replace("shared.helpers", "yaml"))
    folder.write("src/yaml.py", "def doubled(x):\n    return x\n")
    changed(folder, (RATE, "  rate: models.Often"))
    assert failed(folder).what == "the module `yaml` is called like an installed package"
