"""Predictions as rows of a table, beside the key of each row: ``predictions.parquet`` of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.experiments.metrics.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Columns:
    """The names of the columns beside the key.

    ``label`` is the predicted class, or number: then it is ``prediction``. ``chances`` are those
    of the classes: ``p_<class>``; they are missing where there are no probabilities. Then there may
    be ``decisions``: what ``decision_function`` gave, in one column where there are two classes.
    """

    fold: str
    target: str
    label: str
    chances: tuple[str, ...]
    decisions: tuple[str, ...]


def columns_of(key: Sequence[str], classes: Sequence[str]) -> Columns:
    """Name the columns; one whose name is taken, in capitals or not, has ``_`` after it."""
    taken = {name.lower() for name in key}

    def free(name: str) -> str:
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        return name

    fold, target = free("fold"), free("target")
    label = free("label" if classes else "prediction")
    chances = tuple(free(f"p_{name}") for name in classes)
    several = [f"decision_{name}" for name in classes] if len(classes) > 2 else ["decision"]
    return Columns(fold, target, label, chances, tuple(map(free, several if classes else ())))


def tabled(predictions: Predictions, keys: pd.DataFrame) -> pd.DataFrame:
    """Put what was predicted beside ``keys``, of all rows; those of no fold are left out."""
    import pandas as pd

    named = columns_of([str(name) for name in keys.columns], predictions.classes)
    target, label = predictions.target, predictions.label
    if predictions.classes:
        names = np.array(predictions.classes, dtype=object)
        target, label = names[target], names[label]
    found = {named.fold: predictions.fold.astype(np.int32), named.target: target}
    found[named.label] = label
    if predictions.probability is not None:
        found |= dict(zip(named.chances, predictions.probability.T, strict=True))
    elif predictions.decision is not None:
        by_column = predictions.decision.reshape(len(label), -1).T
        found |= dict(zip(named.decisions, by_column, strict=True))
    beside = pd.DataFrame(found, index=keys.index)
    rows = pd.concat([keys, beside], axis=1)
    return rows[predictions.fold > 0].reset_index(drop=True)
