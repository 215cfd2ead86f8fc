"""Fitting a candidate on rows and predicting others."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.candidates.answers import as_codes, is_of, prepared, spread, whole
from analysis.experiments.candidates.building import build
from analysis.experiments.candidates.classes import coded
from analysis.experiments.metrics.predictions import Predictions
from analysis.experiments.running.outcome import Outcome
from analysis.experiments.running.rows import Rows, read_rows
from analysis.experiments.running.tasks import Setting, Task
from analysis.project import open_project

Array = NDArray[Any]

# Their ``predict`` gives the most probable class, and takes as long once more.
_MOST_PROBABLE = (
    "sklearn.ensemble._forest.",
    "sklearn.ensemble._hist_gradient_boosting.",
    "sklearn.tree._classes.",
)


@dataclass(frozen=True)
class Fitted:
    """A fitted estimator of a setting, and the seconds that it took."""

    setting: Setting
    rows: Rows
    estimator: Any
    seconds: float

    def predict(self, places: Array) -> Outcome:
        """Tell what the estimator says of the rows at these places."""
        return self.predict_frame(self.frame(places))

    def frame(self, places: Array | None) -> Any:
        """Read the features of the rows at these places."""
        return self.rows.frame(self.setting.columns, places)

    def predict_frame(self, frame: Any) -> Outcome:
        """Tell what the estimator says of the rows of ``frame``.

        Raises
        ------
        ValueError
            It says nothing of some rows.
        """
        last, given = self.estimator[-1], prepared(self.estimator, frame)
        if self.setting.task == "regression":
            return Outcome(whole(np.asarray(last.predict(given), float).reshape(-1), frame))
        if not hasattr(last, "predict_proba"):
            label = as_codes(last.predict(given))
            return Outcome(whole(label, frame), decision=self._decision(last, given))
        probability = whole(self.probabilities(last.predict_proba(given)), frame)
        if is_of(last, _MOST_PROBABLE):
            return Outcome(np.argmax(probability, axis=1).astype(np.int32), probability)
        return Outcome(whole(as_codes(last.predict(given)), frame), probability)

    def probabilities(self, found: Any) -> Array:
        """Spread probabilities over all classes: one that was not trained on has none."""
        return spread(found, self.estimator.classes_, len(self.setting.classes))

    def _decision(self, last: Any, given: Any) -> Array | None:
        if not hasattr(last, "decision_function"):
            return None
        found = np.asarray(last.decision_function(given), float)
        classes = len(self.setting.classes)
        if len(self.estimator.classes_) < classes:
            return None
        fits = found.ndim == 1 if classes == 2 else found.shape[1:] == (classes,)
        return found if fits else None


def fit(task: Task, places: Array | None) -> Fitted:
    """Fit the candidate on the rows at these places, all by default."""
    setting = task.setting
    rows = read_rows(setting.rows)
    frame = rows.frame(setting.columns, places)
    project = open_project(setting.root)
    candidate = coded(setting.candidate, setting.classes)
    estimator = build(project, candidate, rows.kinds(setting.columns), setting.seed)
    wanted = target(setting)
    start = time.perf_counter()
    estimator.fit(frame, wanted if places is None else wanted[places])
    return Fitted(setting, rows, estimator, time.perf_counter() - start)


def target(setting: Setting) -> Array:
    """Read the target of all rows: class codes, or values."""
    found: Array = np.load(setting.rows / "target.npy", mmap_mode="r", allow_pickle=False)
    return found


def test_rows(task: Task) -> Array:
    """Read the places of the rows that a fold predicts."""
    return _places(task, "test")


def train_rows(task: Task) -> Array:
    """Read the places of the rows that a task trains on.

    A share of them is made of whole blocks, taken by chance: half of the rows of each day would
    tell nearly as much as all, and a learning curve would look flat.
    """
    every = _places(task, "train")
    if task.share >= 1:
        return every
    blocks = np.load(task.setting.split / "blocks.npy", allow_pickle=False)[every]
    kinds = np.unique(blocks)
    order = np.random.default_rng([task.setting.seed, task.fold]).permutation(kinds)
    counts = np.bincount(blocks, minlength=int(kinds[-1]) + 1)[order]
    enough = int(np.searchsorted(np.cumsum(counts), task.share * len(every))) + 1
    some: Array = every[np.isin(blocks, order[:enough])]
    return some


def _places(task: Task, part: str) -> Array:
    path = task.setting.split / f"{task.fold}-{part}.npy"
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def as_predictions(setting: Setting, places: Array, found: Outcome) -> Predictions:
    """Give predictions of these rows as one fold, to be scored."""
    return Predictions(
        target=np.asarray(target(setting)[places]),
        fold=np.ones(len(places), dtype=np.int32),
        label=found.label,
        probability=found.probability,
        block=np.zeros(len(places), dtype=np.int32),
        blocks=1,
        positive=setting.positive,
        classes=setting.classes,
        task=setting.task,
        decision=found.decision,
    )
