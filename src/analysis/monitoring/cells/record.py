"""Into which cells the values of a field are put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.models.bundle.record import Bundle

Kind = Literal["number", "integer", "boolean", "category", "probability", "latency"]
# Kinds whose cells have edges.
NUMBERS = ("number", "integer")


@dataclass(frozen=True)
class Bin:
    """A cell of a field: the coarser ``bin`` that it is part of, its edges, or its category.

    It has the values from ``low`` until before ``high``; the last one has ``high``, too.
    """

    cell: int
    bin: int
    low: float | None = None
    high: float | None = None
    text: str | None = None


@dataclass(frozen=True)
class FieldBins:
    """The cells of a field, in the order of the values, and then those that are none of them.

    ``shares`` are those of the former in training, as far as known without its rows.
    """

    field: str
    kind: Kind
    bins: tuple[Bin, ...]
    shares: tuple[float, ...] = ()

    @property
    def cells(self) -> tuple[Bin, ...]:
        """Give the cells of values."""
        return tuple(one for one in self.bins if one.cell >= 0 or self.kind == "latency")

    @property
    def low(self) -> float | None:
        """Give the least number of training."""
        return self.cells[0].low if self.kind in NUMBERS and self.cells else None

    @property
    def high(self) -> float | None:
        """Give the largest number of training."""
        return self.cells[-1].high if self.kind in NUMBERS and self.cells else None


@dataclass(frozen=True)
class VersionBins:
    """The cells of all fields of a version, by name, and what there is to say of them."""

    version: str
    bundle: Bundle
    fields: Mapping[str, FieldBins]
    notes: tuple[str, ...] = ()
