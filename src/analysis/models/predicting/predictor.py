"""Predicting with a version of a model: columns of values in, columns of answers out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from analysis.experiments.candidates.answers import as_codes, is_of, prepared, spread, whole
from analysis.models.bundle.record import BUNDLE, PREDICTION, Bundle
from analysis.models.bundle.store import read_bundle
from analysis.models.predicting.frame import Columns, frame_of
from analysis.models.predicting.load import load_model

if TYPE_CHECKING:
    import pandas as pd

    from analysis.project import Project

__all__ = ["Columns", "Predictor", "frame_of", "open_predictor"]

# Their ``predict`` gives the class that has the highest probability, the first of several.
_MOST_PROBABLE = (
    "sklearn.calibration.",
    "sklearn.ensemble._forest.",
    "sklearn.ensemble._gb.",
    "sklearn.ensemble._hist_gradient_boosting.",
    "sklearn.linear_model._logistic.",
    "sklearn.tree._classes.",
)


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
        """Give the bundle's outputs for rows of a frame as `frame_of` makes it.

        Raises
        ------
        ValueError
            The model says nothing of some rows, as of missing values that it cannot take.
        """
        if not len(frame):
            return {name: [] for name in self.names}
        # More threads wait for each other where others use the machine too, ten times as long.
        with self._threads.limit(limits=1):
            return self._predict(frame)

    def _predict(self, frame: pd.DataFrame) -> dict[str, list[Any]]:
        last, given = self.estimator.steps[-1][1], prepared(self.estimator, frame)
        if self.bundle.task == "regression":
            found = np.asarray(last.predict(given), float).reshape(-1)
            return {PREDICTION: whole(found, frame).tolist()}
        if len(self.names) == 1:
            return {PREDICTION: self._labels(last.predict(given), frame)}
        known, count = self.estimator.classes_, len(self.bundle.classes)
        chances = whole(spread(last.predict_proba(given), known, count), frame)
        codes = np.argmax(chances, 1) if is_of(last, _MOST_PROBABLE) else last.predict(given)
        told = {output.name: output.of for output in self.bundle.outputs if output.of is not None}
        return {PREDICTION: self._labels(codes, frame)} | {
            name: chances[:, self.bundle.classes.index(of)].tolist() for name, of in told.items()
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Name the outputs."""
        return tuple(output.name for output in self.bundle.outputs)

    @cached_property
    def _threads(self) -> ThreadpoolController:
        return ThreadpoolController().select(user_api="openmp")

    @cached_property
    def _classes(self) -> tuple[Any, ...]:
        return tuple(label(self.bundle, name) for name in self.bundle.classes)

    def _labels(self, codes: Any, frame: Any) -> list[Any]:
        return [self._classes[code] for code in whole(as_codes(codes), frame).tolist()]


def label(bundle: Bundle, name: str) -> str | bool | int:
    """Give the class that the bundle calls ``name`` as answers have it."""
    if bundle.class_type == "boolean":
        return name == "true"
    return int(name) if bundle.class_type == "integer" else name


def open_predictor(folder: Path, project: Project | None = None) -> Predictor:
    """Load the version of a model that lies in ``folder``.

    ``project`` is needed where the model is of estimators of its own.

    Raises
    ------
    ModelError
        It is missing, damaged, or not what was promoted.
    """
    bundle = read_bundle(folder / BUNDLE)
    return Predictor(bundle, load_model(folder, bundle, project))
