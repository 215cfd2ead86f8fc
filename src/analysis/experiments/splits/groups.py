"""Groups of rows: by the values of a column, or by the hour, day … of a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import ExperimentError, Location
from analysis.experiments.declared.experiment import Unit

# pandas knows no week as a frequency of rounding; weeks begin on Monday, as in DuckDB.
_PERIODS = {"hour": "h", "day": "D", "week": "W-SUN", "month": "M", "year": "Y"}


@dataclass(frozen=True)
class Groups:
    """The group of each row as a code; codes are in the order of the groups' values."""

    codes: NDArray[np.int64]
    count: int
    labels: tuple[str, ...]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Count the rows of each group."""
        return np.bincount(self.codes, minlength=self.count)


def groups_of(values: pd.Series[Any], unit: Unit | None, where: Location | None) -> Groups:
    """Group rows by the ``unit`` of a time, or by the values themselves.

    Raises
    ------
    ExperimentError
        A value is missing.
    """
    if missing := int(values.isna().sum()):
        raise ExperimentError(
            f"the column `{values.name}` has no value in {missing:,} of {len(values):,} rows",
            where,
            "fill it in the sample view, leave these rows out there, or choose another column",
        )
    kept = _cut(values, unit) if unit else values
    # Categories would be in their own order, and lists of them may hold more than there are.
    if isinstance(kept.dtype, pd.CategoricalDtype):
        kept = kept.astype(object)
    codes, distinct = pd.factorize(kept, sort=True)
    return Groups(codes.astype(np.int64), len(distinct), tuple(str(value) for value in distinct))


def _cut(times: pd.Series[Any], unit: Unit) -> pd.Series[Any]:
    zone = getattr(times.dtype, "tz", None)
    plain = times.dt.tz_convert("UTC").dt.tz_localize(None) if zone else times
    cut: pd.Series[Any] = plain.dt.to_period(_PERIODS[unit])
    return cut
