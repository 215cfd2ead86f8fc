"""Values of fields at which a fitted model decides: splits of its trees, and edges of its bins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.models.bundle.record import Field
from analysis.models.golden.draws import Value
from analysis.models.golden.traced import Columns, Found, Traced, add, through

_FORESTS = ("RandomForest", "ExtraTrees", "GradientBoosting", "AdaBoost")


def thresholds(pipeline: Any, fields: Sequence[Field]) -> Mapping[str, tuple[float, ...]]:
    """Give the sorted values of each field at which a pipeline decides, as far as they are found.

    They are followed back through steps that keep or scale a column. Those of columns that are
    something else, such as components, are not found.
    """
    found: Found = {}
    columns: Columns | None = [
        None if field.type == "category" else Traced(field.name) for field in fields
    ]
    for _, step in pipeline.steps[:-1]:
        columns = None if columns is None else through(step, columns, found)
    if columns is not None:
        _of_estimator(pipeline.steps[-1][1], columns, found)
    return {name: tuple(sorted(values)) for name, values in found.items()}


def around(field: Field, threshold: float) -> list[Value]:
    """Give the values at a threshold and next to it, as the field can have them.

    Next to it are the neighbours among doubles and, as trees compare these, among single floats.
    """
    if field.type == "boolean" or field.low is None or field.high is None:
        return []
    if field.type == "integer":
        below = int(np.ceil(threshold)) - 1
        near: list[float] = [below, below + 1, int(np.floor(threshold)) + 1]
    else:
        single = np.float32(threshold)
        near = [
            float(np.nextafter(single, np.float32(-np.inf))),
            float(np.nextafter(threshold, -np.inf)),
            threshold,
            float(np.nextafter(threshold, np.inf)),
            float(np.nextafter(single, np.float32(np.inf))),
        ]
    low, high = field.low, field.high
    return [value for value in dict.fromkeys(near) if low <= value <= high]


def _of_estimator(estimator: Any, columns: Columns, found: Found) -> None:
    for place, value in _splits(estimator, columns, found):
        add(found, columns[place], [value])


def _splits(estimator: Any, columns: Columns, found: Found) -> Iterator[tuple[int, float]]:
    """Give the places of columns and the values at which trees in an estimator split them."""
    name = type(estimator).__name__
    if hasattr(estimator, "tree_"):
        tree = estimator.tree_
        inner = tree.children_left >= 0
        pairs = zip(tree.feature[inner].tolist(), tree.threshold[inner].tolist(), strict=True)
        yield from dict.fromkeys(pairs)
    elif name.startswith("HistGradientBoosting"):
        _of_histograms(estimator, columns, found)
    elif name == "CalibratedClassifierCV":
        for one in estimator.calibrated_classifiers_:
            yield from _splits(one.estimator, columns, found)
    elif name.startswith("Bagging"):
        for one, chosen in zip(estimator.estimators_, estimator.estimators_features_, strict=True):
            for place, value in _splits(one, columns, found):
                yield int(chosen[place]), value
    elif name.startswith(_FORESTS):
        for one in np.ravel(np.asarray(estimator.estimators_, dtype=object)):
            yield from _splits(one, columns, found)


def _of_histograms(estimator: Any, columns: Columns, found: Found) -> None:
    # It puts columns of categories before the others.
    sorter = getattr(estimator, "_preprocessor", None)
    given = columns if sorter is None else through(sorter, columns, found)
    for trees in estimator._predictors if given is not None else ():
        for tree in trees:
            nodes = tree.nodes
            inner = (nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)
            pairs = zip(
                nodes["feature_idx"][inner].tolist(),
                nodes["num_threshold"][inner].tolist(),
                strict=True,
            )
            for place, value in dict.fromkeys(pairs):
                assert given is not None
                add(found, given[place], [value])
