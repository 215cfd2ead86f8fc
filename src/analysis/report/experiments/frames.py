"""Rows of charts as data frames, which Altair takes much faster than lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def frame_of(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Make a data frame of rows; numbers keep few digits, as more would only weigh."""
    import pandas as pd

    return pd.DataFrame([{key: _short(value) for key, value in row.items()} for row in rows])


def _short(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) else value
