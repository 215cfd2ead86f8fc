"""Types that a model may hold beside those that skops itself trusts: a list, never what it says."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING

from analysis.errors import Location, ModelError
from analysis.files import digest_file
from analysis.models.bundle.record import Bundle

if TYPE_CHECKING:
    from analysis.project import Project

# What estimators of scikit-learn are made of. skops trusts the estimators themselves, and some
# versions of it a part of these, too.
TRUSTED = (
    # Of functions that are trusted, too: HistGradientBoosting checks its input by such a one.
    "functools.partial",
    "numpy.dtype",
    "scipy.sparse._csr.csr_array",
    "scipy.sparse._csr.csr_matrix",
    *(
        f"sklearn._loss.link.{name}"
        for name in (
            "HalfLogitLink",
            "IdentityLink",
            "Interval",
            "LogLink",
            "LogitLink",
            "MultinomialLogit",
        )
    ),
    *(
        f"sklearn._loss.loss.{name}"
        for name in (
            "AbsoluteError",
            "ExponentialLoss",
            "HalfBinomialLoss",
            "HalfGammaLoss",
            "HalfMultinomialLoss",
            "HalfPoissonLoss",
            "HalfSquaredError",
            "HalfTweedieLoss",
            "HalfTweedieLossIdentity",
            "HuberLoss",
            "PinballLoss",
        )
    ),
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.calibration._TemperatureScaling",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.feature_selection._univariate_selection.chi2",
    "sklearn.feature_selection._univariate_selection.f_classif",
    "sklearn.feature_selection._univariate_selection.f_regression",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.metrics._dist_metrics.ManhattanDistance64",
    "sklearn.metrics._dist_metrics.MinkowskiDistance64",
    "sklearn.neighbors._ball_tree.BallTree",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.tree._tree.Tree",
    "sklearn.utils.validation.check_array",
)


def own_types(project: Project, bundle: Bundle) -> tuple[str, ...]:
    """Name what the project's own modules define that a model stands on.

    They are imported, and only if they are what they were when the model was promoted.

    Raises
    ------
    ModelError
        A module has changed, or is gone, or cannot be imported.
    """
    for path, told in bundle.provenance.code.items():
        file = project.root / path
        if ".." in PurePosixPath(path).parts or PurePosixPath(path).is_absolute():
            raise ModelError(
                f"the model `{bundle.model}` stands on `{path}`, which is not of this project",
                hint="do not use it: a bundle of ours names no such file",
            )
        if not file.is_file() or digest_file(file) != told:
            what = "is not as it was when it was promoted" if file.is_file() else "is gone"
            raise ModelError(
                f"the model `{bundle.model}` stands on `{path}`, which {what}",
                Location(path),
                "bring this file back, or promote the run again with `--refit full`",
            )
    return tuple(sorted(_defined(project, bundle)))


def _defined(project: Project, bundle: Bundle) -> Iterator[str]:
    from analysis.experiments.candidates.owncode import own_code

    with own_code(project):
        for path in bundle.provenance.code:
            yield from _names(_imported(path, bundle))


def _imported(path: str, bundle: Bundle) -> ModuleType:
    parts = PurePosixPath(path).with_suffix("").parts[1:]
    try:
        return importlib.import_module(".".join(parts).removesuffix(".__init__"))
    except Exception as error:
        raise ModelError(
            f"the model `{bundle.model}` stands on `{path}`, which cannot be imported: "
            f"{type(error).__name__}: {error}",
            Location(path),
            "install what it needs",
        ) from None


def _names(module: ModuleType) -> Iterator[str]:
    for name, value in vars(module).items():
        is_made = inspect.isclass(value) or inspect.isfunction(value)
        if is_made and value.__module__ == module.__name__:
            yield f"{module.__name__}.{name}"
