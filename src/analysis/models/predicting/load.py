"""Loading a fitted model: only bytes that are known to be its own, only types that are listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis.errors import Location, ModelError
from analysis.files import checksum
from analysis.models.bundle.record import MODEL, Bundle

# What skops does not trust by itself, and what estimators of scikit-learn are made of. Never what
# a file says of itself.
TRUSTED = (
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.IdentityLink",
    "sklearn._loss.link.LogLink",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn._loss.loss.HalfSquaredError",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)


def load_model(folder: Path, bundle: Bundle) -> Any:
    """Load the model of a bundle that lies in ``folder``.

    Raises
    ------
    ModelError
        Its bytes are not those that were promoted, or it holds a type that is not listed.
    """
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    told, path = bundle.file(MODEL), folder / MODEL
    where = Location(f"{folder.name}/{MODEL}")
    if told is None or not path.exists() or checksum(path) != told.sha256:
        raise ModelError(
            f"the model `{bundle.model}` is missing, or is not the one that was promoted",
            where,
            "its SHA-256 differs: do not use it, and find out who changed it",
        )
    try:
        return skops.io.load(path, trusted=[*TRUSTED])
    except UntrustedTypesFoundException as error:
        raise ModelError(
            f"the model `{bundle.model}` holds what is not trusted: {error}", where
        ) from None
