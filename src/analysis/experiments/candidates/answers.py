"""What a fitted pipeline says of rows, seen to be of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def prepared(pipeline: Any, frame: Any) -> Any:
    """Take rows through all steps but the last, once for all that is asked of that."""
    for _, step in pipeline.steps[:-1]:
        if step not in (None, "passthrough"):
            frame = step.transform(frame)
    return frame


def as_codes(labels: Any) -> Array:
    """Give labels as the codes of classes that they are."""
    codes: Array = np.asarray(labels).astype(np.int32)
    return codes


def spread(found: Any, classes: Any, count: int) -> Array:
    """Spread probabilities over ``count`` classes: one that was not trained on has none.

    ``classes`` are the codes of those that were, in the order of the columns of ``found``.
    """
    whole = np.zeros((len(found), count))
    whole[:, as_codes(classes)] = found
    return whole


def whole(found: Array, rows: Any) -> Array:
    """See that there is a value for each row.

    Raises
    ------
    ValueError
        There is not.
    """
    if len(found) != len(rows):
        raise ValueError(f"it predicted {len(found)} values for {len(rows)} rows")
    if missing := int(np.isnan(found).any(axis=tuple(range(1, found.ndim))).sum()):
        raise ValueError(f"what it predicted is missing (NaN) for {missing} of {len(found)} rows")
    return found


def is_of(estimator: Any, beginnings: Sequence[str]) -> bool:
    """Say whether the path of an estimator's class begins like one of these."""
    path = f"{type(estimator).__module__}.{type(estimator).__name__}"
    return path.startswith(tuple(beginnings))
