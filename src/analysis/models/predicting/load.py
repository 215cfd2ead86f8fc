"""Loading a fitted model: only bytes that are known to be its own, only types that are listed."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import Location, ModelError
from analysis.models.bundle.record import MODEL, Bundle
from analysis.models.predicting.trusted import TRUSTED, own_types

if TYPE_CHECKING:
    from analysis.project import Project


def load_model(folder: Path, bundle: Bundle, project: Project | None = None) -> Any:
    """Load the model of a bundle that lies in ``folder``.

    ``project`` is needed where the model is of estimators of its own.

    Raises
    ------
    ModelError
        Its bytes are not those that were promoted, or it holds a type that is not listed.
    """
    where = Location(f"{folder.name}/{MODEL}")
    content = _own_bytes(folder / MODEL, bundle, where)
    if not bundle.provenance.code:
        return _loaded(content, (), bundle, where)
    if project is None:
        raise ModelError(
            f"the model `{bundle.model}` is of the project's own code, which is not here",
            where,
            "use it within its project",
        )
    from analysis.experiments.candidates.owncode import own_code

    types = own_types(project, bundle)
    with own_code(project) if types else nullcontext():
        return _loaded(content, types, bundle, where)


def _own_bytes(path: Path, bundle: Bundle, where: Location) -> bytes:
    """Read the file once, so that what is loaded is what was seen to be the model's."""
    told = bundle.file(MODEL)
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if told is None or hashlib.sha256(content).hexdigest() != told.sha256:
        raise ModelError(
            f"the model `{bundle.model}` is missing, or is not the one that was promoted",
            where,
            "its SHA-256 differs: do not use it, and find out who changed it",
        )
    return content


def _loaded(content: bytes, types: tuple[str, ...], bundle: Bundle, where: Location) -> Any:
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    hint = "promote its run again: `analysis model promote`"
    try:
        estimator = skops.io.loads(content, trusted=[*TRUSTED, *types])
    except UntrustedTypesFoundException as error:
        raise ModelError(
            f"the model `{bundle.model}` holds what is not trusted: {_line(error)}", where, hint
        ) from None
    except Exception as error:
        # What a file that is none of skops' leads to is of many kinds.
        raise ModelError(
            f"the model `{bundle.model}` cannot be read: {type(error).__name__}", where, hint
        ) from None
    from sklearn.pipeline import Pipeline

    if not isinstance(estimator, Pipeline):
        raise ModelError(f"the model `{bundle.model}` is no pipeline", where, hint)
    return estimator


def _line(error: Exception) -> str:
    return str(error).splitlines()[0]
