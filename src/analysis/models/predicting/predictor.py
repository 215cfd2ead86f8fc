"""Predicting with a version of a model: columns of values in, columns of answers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.models.bundle.record import BUNDLE, PREDICTION, Bundle, Field
from analysis.models.bundle.store import read_bundle
from analysis.models.predicting.load import load_model

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Predictor:
    """A loaded version of a model. It can be used by several threads."""

    bundle: Bundle
    estimator: Any

    def predict(self, columns: Columns) -> dict[str, list[Any]]:
        """Give the bundle's outputs for rows, whose fields come by name; ``None`` is missing.

        Outputs are plain values: a text, a truth value or a number for ``prediction``, floats else.
        """
        return self.predict_frame(frame_of(self.bundle.fields, columns))

    def predict_frame(self, frame: pd.DataFrame) -> dict[str, list[Any]]:
        """Give the bundle's outputs for rows of a frame as `frame_of` makes it."""
        if self.bundle.task == "regression":
            return {PREDICTION: np.asarray(self.estimator.predict(frame), float).tolist()}
        return {}  # to be written

    @property
    def names(self) -> tuple[str, ...]:
        """Name the outputs."""
        return tuple(output.name for output in self.bundle.outputs)


def open_predictor(folder: Path) -> Predictor:
    """Load the version of a model that lies in ``folder``.

    Raises
    ------
    ModelError
        It is missing, damaged, or not what was promoted.
    """
    bundle = read_bundle(folder / BUNDLE)
    return Predictor(bundle, load_model(folder, bundle))


def frame_of(fields: Sequence[Field], columns: Columns) -> pd.DataFrame:
    """Put values into the frame that the model was fitted on: floats, and categories.

    A category that was not seen is one more category after those that were, so that each step of
    the model treats it in its own way.
    """
    import pandas as pd

    return pd.DataFrame({field.name: _series(field, columns[field.name]) for field in fields})


def _series(field: Field, values: Sequence[Any]) -> Any:
    import pandas as pd

    if field.type != "category":
        return np.array(values, dtype=float)
    known = set(field.categories)
    unseen = sorted({value for value in values if value is not None and value not in known})
    return pd.Categorical(values, categories=[*field.categories, *unseen])
