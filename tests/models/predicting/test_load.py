"""A model is loaded only if it is the one that was promoted, and holds only what is listed."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import is_regressor

from analysis.errors import ModelError
from analysis.experiments.running.model import write_model
from analysis.experiments.runs.record import FileRecord
from analysis.files import checksum, digest_file
from analysis.models.bundle.record import MODEL, Bundle
from analysis.models.predicting.load import load_model
from analysis.project import find_project
from tests.helpers.bundles import write_bundle
from tests.helpers.projects import write_project

OWN = """\
from sklearn.base import BaseEstimator, ClassifierMixin
import numpy as np


class Half(ClassifierMixin, BaseEstimator):
    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, x):
        return np.full((len(x), len(self.classes_)), 0.5)
"""


class Payload:
    """Something that touches a file as soon as it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        """Call the system."""
        return os.system, (f"touch {self.path}",)


@pytest.fixture
def touched(tmp_path: Path) -> Path:
    """Give the file that a payload would touch."""
    return tmp_path / "touched"


def test_a_model_that_was_replaced_is_not_loaded(tmp_path: Path, touched: Path) -> None:
    bundle = write_bundle(tmp_path / "b")
    (tmp_path / "b" / MODEL).write_bytes(pickle.dumps(Payload(touched)))
    with pytest.raises(ModelError, match="not the one that was promoted"):
        load_model(tmp_path / "b", bundle)
    assert not touched.exists()


def test_a_single_byte_is_enough(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path)
    content = bytearray((tmp_path / MODEL).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / MODEL).write_bytes(content)
    with pytest.raises(ModelError, match="not the one that was promoted"):
        load_model(tmp_path, bundle)


@pytest.mark.parametrize("told", [True, False])
def test_a_model_that_is_missing_is_told(tmp_path: Path, told: bool) -> None:
    bundle = write_bundle(tmp_path)
    if told:
        (tmp_path / MODEL).unlink()
    else:
        bundle = replace(bundle, files=bundle.files[1:])
    with pytest.raises(ModelError, match="is missing, or is not the one"):
        load_model(tmp_path, bundle)


def test_a_pickle_is_not_loaded_even_if_its_checksum_is_told(tmp_path: Path, touched: Path) -> None:
    bundle = write_bundle(tmp_path / "b")
    payload = pickle.dumps(Payload(touched))
    bundle = _told(tmp_path / "b", bundle, payload)
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(tmp_path / "b", bundle)
    assert not touched.exists()
    pickle.loads(payload)
    assert touched.exists()


def test_types_that_are_not_listed_are_not_loaded(tmp_path: Path, touched: Path) -> None:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    evil = make_pipeline(FunctionTransformer(os.system, kw_args={"x": f"touch {touched}"}))
    bundle = write_bundle(tmp_path / "b")
    bundle = _told(tmp_path / "b", bundle, skops.io.dumps(evil))
    with pytest.raises(ModelError, match=r"holds what is not trusted: .*system"):
        load_model(tmp_path / "b", bundle)
    assert not touched.exists()


def test_a_function_that_is_not_listed_is_not_hidden_by_a_partial_one(
    tmp_path: Path, touched: Path
) -> None:
    from functools import partial

    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    evil = make_pipeline(FunctionTransformer(partial(os.system, f"touch {touched}")))
    bundle = _told(tmp_path / "b", write_bundle(tmp_path / "b"), skops.io.dumps(evil))
    with pytest.raises(ModelError, match=r"not trusted.*system"):
        load_model(tmp_path / "b", bundle)
    assert not touched.exists()


def test_what_makes_objects_of_any_type_is_not_loaded(tmp_path: Path, touched: Path) -> None:
    class Fake:
        """An object whose state names another type."""

    content = skops.io.dumps(Fake())
    bundle = _told(tmp_path / "b", write_bundle(tmp_path / "b"), content)
    with pytest.raises(ModelError, match=r"not trusted|cannot be read"):
        load_model(tmp_path / "b", bundle)


def test_an_object_that_is_no_pipeline_is_refused(tmp_path: Path) -> None:
    bundle = _told(tmp_path, write_bundle(tmp_path), skops.io.dumps({"a": 1}))
    with pytest.raises(ModelError, match="is no pipeline"):
        load_model(tmp_path, bundle)


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000])
def test_what_is_no_model_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    bundle = _told(tmp_path, write_bundle(tmp_path), content)
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(tmp_path, bundle)


@pytest.mark.parametrize("name", [*range(17)])
def test_estimators_of_scikit_learn_are_loaded_and_predict_the_same(
    tmp_path: Path, name: int
) -> None:
    draw = np.random.default_rng(1)
    rows = draw.random((60, 3))
    estimator = _estimators()[name]
    numbers, classes = rows[:, 0] * 2 + 0.1, np.digitize(rows[:, 0], [0.3, 0.6])
    target = numbers if is_regressor(estimator) else classes
    pipeline = _prepared(estimator).fit(rows, target)
    bundle = write_bundle(tmp_path)
    write_model(pipeline, tmp_path / MODEL)
    bundle = _told(tmp_path, bundle, (tmp_path / MODEL).read_bytes())
    loaded = load_model(tmp_path, bundle)
    assert loaded.predict(rows).tolist() == pipeline.predict(rows).tolist()
    if hasattr(pipeline, "predict_proba"):
        assert loaded.predict_proba(rows).tolist() == pipeline.predict_proba(rows).tolist()


def test_estimators_of_the_project_are_loaded_within_it(tmp_path: Path) -> None:
    root, folder, bundle = _own(tmp_path)
    with pytest.raises(ModelError, match="the project's own code, which is not here"):
        load_model(folder, bundle)
    loaded = load_model(folder, bundle, find_project(root))
    assert loaded.predict_proba([[1.0]]).tolist() == [[0.5, 0.5]]


def test_changed_code_of_the_project_is_not_imported(tmp_path: Path, touched: Path) -> None:
    root, folder, bundle = _own(tmp_path)
    evil = f"from pathlib import Path\nPath({str(touched)!r}).touch()\n{OWN}"
    (root / "src" / "halves.py").write_text(evil, "utf-8")
    with pytest.raises(ModelError, match="not as it was when it was promoted"):
        load_model(folder, bundle, find_project(root))
    (root / "src" / "halves.py").unlink()
    with pytest.raises(ModelError, match="is gone"):
        load_model(folder, bundle, find_project(root))
    assert not touched.exists()


def test_code_of_the_project_allows_nothing_else(tmp_path: Path, touched: Path) -> None:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    root, folder, bundle = _own(tmp_path)
    evil = make_pipeline(FunctionTransformer(os.system, kw_args={"x": f"touch {touched}"}))
    bundle = _told(folder, bundle, skops.io.dumps(evil))
    with pytest.raises(ModelError, match="not trusted"):
        load_model(folder, bundle, find_project(root))


def test_a_bundle_names_no_module_outside_of_the_project(tmp_path: Path) -> None:
    root, folder, bundle = _own(tmp_path)
    outside = tmp_path / "outside.py"
    outside.write_text("")
    for path in ("../outside.py", str(outside)):
        code = {path: digest_file(outside)}
        told = replace(bundle, provenance=replace(bundle.provenance, code=code))
        with pytest.raises(ModelError, match="not of this project"):
            load_model(folder, told, find_project(root))


def _own(tmp_path: Path) -> tuple[Path, Path, Bundle]:
    from sklearn.pipeline import make_pipeline

    from analysis.experiments.candidates.owncode import own_code

    root = write_project(tmp_path / "project", {"src/halves.py": OWN})
    folder = tmp_path / "b"
    bundle = write_bundle(folder)
    with own_code(find_project(root)):
        import halves  # type: ignore[import-not-found]

        pipeline = make_pipeline(halves.Half()).fit([[1.0], [2.0]], [0, 1])
    write_model(pipeline, folder / MODEL)
    code = {"src/halves.py": digest_file(root / "src" / "halves.py")}
    bundle = replace(bundle, provenance=replace(bundle.provenance, code=code))
    return root, folder, _told(folder, bundle, (folder / MODEL).read_bytes())


def _told(folder: Path, bundle: Bundle, content: bytes) -> Bundle:
    """Put a model there with its checksum, as someone would who can change both."""
    (folder / MODEL).write_bytes(content)
    told = FileRecord(MODEL, len(content), checksum(folder / MODEL))
    return replace(bundle, files=(told, *(f for f in bundle.files if f.file != MODEL)))


def _estimators() -> list[Any]:
    from sklearn import ensemble, linear_model, neighbors, tree
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.dummy import DummyClassifier

    return [
        linear_model.LogisticRegression(max_iter=1000),
        linear_model.Ridge(),
        linear_model.PoissonRegressor(),
        linear_model.TweedieRegressor(),
        tree.DecisionTreeClassifier(),
        ensemble.RandomForestClassifier(3),
        ensemble.ExtraTreesRegressor(3),
        ensemble.GradientBoostingClassifier(n_estimators=3),
        ensemble.GradientBoostingRegressor(loss="huber", n_estimators=3),
        ensemble.HistGradientBoostingClassifier(max_iter=3),
        ensemble.HistGradientBoostingClassifier(max_iter=3, categorical_features=[2]),
        ensemble.HistGradientBoostingRegressor(loss="absolute_error", max_iter=3),
        CalibratedClassifierCV(linear_model.LogisticRegression(max_iter=1000), cv=2),
        CalibratedClassifierCV(tree.DecisionTreeClassifier(), method="isotonic", cv=2),
        neighbors.KNeighborsClassifier(),
        neighbors.KNeighborsClassifier(algorithm="ball_tree"),
        DummyClassifier(),
    ]


def _prepared(estimator: Any) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import (
        KBinsDiscretizer,
        MinMaxScaler,
        OneHotEncoder,
        OrdinalEncoder,
        RobustScaler,
        StandardScaler,
    )

    binning = KBinsDiscretizer(3, encode="ordinal", quantile_method="averaged_inverted_cdf")
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler(), MinMaxScaler(), RobustScaler()), [0]),
        (make_pipeline(binning, OneHotEncoder(sparse_output=False)), [1]),
        (OrdinalEncoder(), [2]),
        sparse_threshold=0,
    )
    return make_pipeline(columns, estimator)
