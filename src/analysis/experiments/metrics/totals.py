"""What rows add up to by block, and the totals of it in draws of blocks.

A metric that follows from totals need not look at the rows again in each draw.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from scipy import sparse

from analysis.experiments.metrics.predictions import Codes, Floats, Predictions

T = TypeVar("T")

# Tables with more numbers than this are kept sparse.
_DENSE = 2_000_000


class Table:
    """Sums over the rows of each block, by cells of the given ``shape``, the fold first."""

    def __init__(self, by_block: Any, shape: tuple[int, ...]) -> None:
        self._by_cell = by_block.T.tocsr() if sparse.issparse(by_block) else by_block
        self._shape = shape

    def total(self, weights: Floats) -> Floats:
        """Add up blocks that are ``weights`` (draws, blocks) times there: (draws, *shape)."""
        if sparse.issparse(self._by_cell):
            found = (self._by_cell @ np.ascontiguousarray(weights.T)).T
        else:
            found = weights @ self._by_cell
        return np.asarray(found, np.float64).reshape(len(weights), *self._shape)


class Tables:
    """Tables of predictions, each made once however many metrics are read from it."""

    def __init__(self, predictions: Predictions) -> None:
        self.predictions = predictions
        self._made: dict[Hashable, Any] = {}

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """Give what ``make`` made when it was first asked for by ``name``."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    def counts(self, cell: Codes, shape: tuple[int, ...], value: Floats | None = None) -> Table:
        """Count rows, or add up their ``value``, by fold and ``cell``.

        ``shape`` is of the cells within a fold; rows of no fold are left out.
        """
        p = self.predictions
        size = int(np.prod(shape, dtype=np.int64))
        kept = p.fold > 0
        column = (p.fold[kept].astype(np.int64) - 1) * size + cell[kept]
        data = np.ones(len(column)) if value is None else value[kept]
        width = p.folds * size
        by_block = sparse.coo_array((data, (p.block[kept], column)), shape=(p.blocks, width))
        if p.blocks * width <= _DENSE:
            return Table(by_block.toarray(), (p.folds, *shape))
        return Table(by_block.tocsr(), (p.folds, *shape))

    def sums(self, value: Floats | None) -> Table:
        """Add up ``value``, or count the rows, by fold."""
        return self.counts(np.zeros(len(self.predictions.fold), np.int64), (), value)


class Drawn:
    """Some draws of blocks: the totals of tables in them, each added up once."""

    def __init__(self, weights: Codes) -> None:
        self.weights = weights
        self._floats = weights.astype(np.float64)
        self._totals: dict[int, Floats] = {}

    def fresh(self, table: Table) -> Floats:
        """Give the totals of a table, and keep them not."""
        return table.total(self._floats)

    def total(self, table: Table) -> Floats:
        """Give the totals of a table: (draws, folds, …)."""
        if id(table) not in self._totals:
            self._totals[id(table)] = table.total(self._floats)
        return self._totals[id(table)]
