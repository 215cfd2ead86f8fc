"""Values of rows as the frame that a model was fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.models.bundle.record import Field

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, Sequence[Any]]


def frame_of(fields: Sequence[Field], columns: Columns) -> pd.DataFrame:
    """Put values into the frame that the model was fitted on: floats, and categories.

    It is the one that experiments make (``experiments.running.rows``). A category that was not
    seen is one more category after those that were, so that each step of the model treats it in
    its own way.
    """
    import pandas as pd

    return pd.DataFrame({field.name: _series(field, columns[field.name]) for field in fields})


def _series(field: Field, values: Sequence[Any]) -> Any:
    if field.type != "category":
        return np.array(values, dtype=float)
    return _category(field.categories, values)


def _category(known: Sequence[str], values: Sequence[Any]) -> Any:
    import pandas as pd

    codes = {name: code for code, name in enumerate(known)}
    try:
        found = [-1 if value is None else codes[value] for value in values]
    except (KeyError, TypeError):
        texts = [None if _is_missing(value) else str(value) for value in values]
        unseen = sorted({text for text in texts if text is not None and text not in codes})
        codes |= {name: code for code, name in enumerate(unseen, len(codes))}
        found = [-1 if text is None else codes[text] for text in texts]
    # As in training, where pandas would take texts for a type of its own.
    return pd.Categorical.from_codes(found, pd.Index([*codes], dtype=object))


def _is_missing(value: Any) -> bool:
    return value is None or value != value
