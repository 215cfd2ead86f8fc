"""Columns within a pipeline, traced back to the fields that they are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Traced:
    """A column that is a field but for its scale: a value of it is ``value * scale + shift``."""

    field: str
    scale: float = 1.0
    shift: float = 0.0

    def back(self, value: float) -> float:
        """Give the value that the field has where this column has ``value``."""
        return value * self.scale + self.shift

    def scaled(self, scale: float, shift: float) -> Traced:
        """Give the column of which this one is made by ``(value - shift) / scale``."""
        return Traced(self.field, self.scale * scale, self.back(shift))


# Columns of a layer in order; ``None`` is one that is something else.
Columns = list[Traced | None]
# Values of fields at which a step decides, by field.
Found = dict[str, set[float]]


def through(step: Any, columns: Columns, found: Found) -> Columns | None:
    """Follow columns through a fitted step; ``None`` where nobody knows what comes out of it.

    What the step itself decides by is added to ``found``.
    """
    if isinstance(step, str):
        return columns if step == "passthrough" else []
    known = _STEPS.get(type(step).__name__)
    if known is None or not type(step).__module__.startswith("sklearn."):
        return None
    return known(step, columns, found)


def add(found: Found, column: Traced | None, values: Sequence[float]) -> None:
    """Add values of a column, as its field has them."""
    if column is not None:
        finite = [column.back(float(value)) for value in values if np.isfinite(value)]
        found.setdefault(column.field, set()).update(finite)


def _pipeline(step: Any, columns: Columns, found: Found) -> Columns | None:
    now: Columns | None = columns
    for _, inner in step.steps:
        if now is None:
            return None
        now = through(inner, now, found)
    return now


def _transformer(step: Any, columns: Columns, found: Found) -> Columns | None:
    width = max((place.stop for place in step.output_indices_.values()), default=0)
    made: Columns = [None] * width
    for name, inner, chosen in step.transformers_:
        place = step.output_indices_[name]
        given = [columns[index] for index in _places(step, chosen, len(columns))]
        out = through(inner, given, found) if given else []
        if out is not None and len(out) == place.stop - place.start:
            made[place] = out
    return made


def _places(step: Any, chosen: Any, count: int) -> list[int]:
    """Give the places of columns that are chosen by name, place or mask."""
    if isinstance(chosen, slice):
        return [*range(count)[chosen]]
    listed = np.atleast_1d(np.asarray(chosen, dtype=object)).tolist()
    if listed and all(isinstance(one, bool | np.bool_) for one in listed):
        return [place for place, taken in enumerate(listed) if taken]
    names = [*getattr(step, "feature_names_in_", [])]
    return [names.index(one) if isinstance(one, str) else int(one) for one in listed]


def _imputer(step: Any, columns: Columns, found: Found) -> Columns | None:
    statistics = np.asarray(step.statistics_, dtype=object)
    kept = [
        column
        for column, value in zip(columns, statistics, strict=True)
        if step.keep_empty_features or value == value
    ]
    indicators = step.indicator_.features_ if step.indicator_ is not None else []
    return [*kept, *(None for _ in indicators)]


def _same(step: Any, columns: Columns, found: Found) -> Columns:
    return columns


def _scaler(scale: str, shift: str) -> Callable[[Any, Columns, Found], Columns | None]:
    def follow(step: Any, columns: Columns, found: Found) -> Columns | None:
        count = len(columns)
        scales = getattr(step, scale, None)
        shifts = getattr(step, shift, None) if shift else None
        scales = np.ones(count) if scales is None else scales
        shifts = np.zeros(count) if shifts is None else shifts
        return [
            None if column is None else column.scaled(float(by), float(to))
            for column, by, to in zip(columns, scales, shifts, strict=True)
        ]

    return follow


def _min_max(step: Any, columns: Columns, found: Found) -> Columns:
    return [
        None if column is None else column.scaled(1 / float(by), -float(least) / float(by))
        for column, by, least in zip(columns, step.scale_, step.min_, strict=True)
    ]


def _binning(step: Any, columns: Columns, found: Found) -> Columns | None:
    for column, edges in zip(columns, step.bin_edges_, strict=True):
        add(found, column, edges[1:-1])
    return [None] * (len(columns) if step.encode == "ordinal" else int(sum(step.n_bins_)))


def _codes(step: Any, columns: Columns, found: Found) -> Columns:
    return [None] * len(columns)


def _chosen(step: Any, columns: Columns, found: Found) -> Columns:
    return [column for column, kept in zip(columns, step.get_support(), strict=True) if kept]


def _made(step: Any, columns: Columns, found: Found) -> Columns:
    return [None] * len(step.get_feature_names_out())


def _function(step: Any, columns: Columns, found: Found) -> Columns | None:
    func = getattr(step.func, "func", step.func)
    # HistGradientBoosting has one that only checks its numbers.
    return columns if getattr(func, "__name__", None) in (None, "check_array") else None


_STEPS: dict[str, Callable[[Any, Columns, Found], Columns | None]] = {
    "Pipeline": _pipeline,
    "ColumnTransformer": _transformer,
    "SimpleImputer": _imputer,
    "FunctionTransformer": _function,
    "StandardScaler": _scaler("scale_", "mean_"),
    "RobustScaler": _scaler("scale_", "center_"),
    "MaxAbsScaler": _scaler("scale_", ""),
    "MinMaxScaler": _min_max,
    "KBinsDiscretizer": _binning,
    "OrdinalEncoder": _codes,
    "TargetEncoder": _codes,
    "OneHotEncoder": _made,
    "PolynomialFeatures": _made,
    "VarianceThreshold": _chosen,
    "SelectKBest": _chosen,
    "SelectPercentile": _chosen,
    "SelectFromModel": _chosen,
}
