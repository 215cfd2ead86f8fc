"""Blocks of rows that are drawn together, because they are not independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.experiments.runs.record import BlockRecord
from analysis.experiments.splits.groups import groups_of
from analysis.experiments.splits.rule import BlockRule
from analysis.files import digest


@dataclass(frozen=True)
class Blocks:
    """The block of each row as a code, in the order of the blocks' values; and its record."""

    codes: NDArray[np.int64]
    record: BlockRecord


def blocks_of(rule: BlockRule, column: pd.Series[Any] | None, rows: int, data: str = "") -> Blocks:
    """Put rows, which are ordered by their key, into blocks; ``data`` fingerprints their keys.

    Raises
    ------
    ExperimentError
        A value of the column is missing.
    """
    if column is None:
        codes, count = np.arange(rows, dtype=np.int64), rows
    else:
        groups = groups_of(column, rule.unit, rule.where)
        codes, count = groups.codes, groups.count
    said = f"{data}|{rule.label}|{count}|".encode() + codes.astype("<i4").tobytes()
    return Blocks(codes, BlockRecord(rule.label, count, digest(said)))
