"""How rows are split and drawn, with the columns of the dataset for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.errors import Location
from analysis.experiments.declared.experiment import Unit

SplitKind = Literal["random", "group", "by", "forward"]


@dataclass(frozen=True)
class SplitRule:
    """A split of a dataset: as declared, with the column that it goes by.

    ``unit`` is that of time whose rows stay together: of ``by``, and the day of ``forward`` along a
    time. ``stratified``: classes are spread evenly over the folds.
    """

    kind: SplitKind
    column: str | None
    unit: Unit | None
    folds: int
    seed: int
    stratified: bool
    where: Location | None = None

    @property
    def label(self) -> str:
        """Say it to a person: ``by day, 5 folds``."""
        how = {
            "random": "random",
            "group": f"group {self.column}",
            "by": f"by {self.unit}",
            "forward": f"forward by {self.column}",
        }[self.kind]
        return f"{how}, {self.folds} folds"


@dataclass(frozen=True)
class BlockRule:
    """What makes a block: a unit of time on a column, its values, or each row (no column)."""

    column: str | None
    unit: Unit | None
    where: Location | None = None

    @property
    def label(self) -> str:
        """Say it to a person: ``day``, a column, ``row``."""
        return self.unit or self.column or "row"
