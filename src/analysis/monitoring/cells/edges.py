"""Cutting numbers into cells, and cells into bins of about the same mass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from analysis.monitoring.cells.record import Bin
from analysis.warehouse.monitored import ABOVE, ABSENT, BELOW, MISTYPED, NULL, UNSEEN

CELLS, BINS = 50, 10
# Edges of cells, and the share of each cell.
Edges = tuple[tuple[float, ...], tuple[float, ...]]
POINTS = tuple(place / CELLS for place in range(CELLS + 1))


def cell_edges(points: Sequence[float], quantiles: Sequence[float]) -> Edges:
    """Give edges of cells from quantiles at ``points`` from 0 to 1, and the share of each cell.

    The edges are the lower one of each cell, and the upper one of the last. A value that several
    quantiles have begins a cell of its own.
    """
    begins: dict[float, float] = {}
    for point, value in zip(points[:-1], quantiles[:-1], strict=True):
        begins.setdefault(float(value), point)
    shares = [after - before for before, after in pairwise((*begins.values(), points[-1]))]
    return (*begins, float(quantiles[-1])), tuple(shares)


def number_bins(edges: Sequence[float], masses: Sequence[float]) -> tuple[Bin, ...]:
    """Give the cells of a number between ``edges``, with those that are no place among them.

    Without edges, as where training has no number, each number is above all.
    """
    coarse = coarser(masses) if edges else [0]
    cells = [Bin(cell, coarse[cell], low, high) for cell, (low, high) in enumerate(pairwise(edges))]
    first, last = (edges[0], edges[-1]) if edges else (None, None)
    return (
        *cells,
        Bin(BELOW, coarse[0], None, first),
        Bin(ABOVE, coarse[-1], last, None),
        *beside(NULL, ABSENT, MISTYPED),
    )


def text_bins(texts: Sequence[str]) -> tuple[Bin, ...]:
    """Give the cells of categories, each of which is a bin."""
    cells = [Bin(cell, cell, text=text) for cell, text in enumerate(texts)]
    return (*cells, *beside(NULL, UNSEEN, ABSENT, MISTYPED))


def beside(*cells: int) -> tuple[Bin, ...]:
    """Give cells that are no place among the values: each is a bin of its own."""
    return tuple(Bin(cell, cell) for cell in cells)


def coarser(masses: Sequence[float], bins: int = BINS) -> list[int]:
    """Put cells into ``bins`` of about the same mass, at most: each is a run of cells.

    A cell belongs where its middle is among all mass; bins that get none are left out.
    """
    whole = math.fsum(masses)
    if whole <= 0:
        masses, whole = [1.0] * len(masses), float(len(masses))
    found, before = [], 0.0
    for mass in masses:
        found.append(min(int(bins * (before + mass / 2) / whole), bins - 1))
        before += mass
    places = {place: number for number, place in enumerate(dict.fromkeys(found))}
    return [places[place] for place in found]
