"""Cells of what a model says, and of how long it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.monitoring.cells.edges import BINS, beside
from analysis.monitoring.cells.record import Bin, FieldBins
from analysis.warehouse.monitored import LATENCY, NULL, SCORE

# Probabilities are told apart by thousandths; latencies by so many steps a factor of ten.
THOUSANDTHS, STEPS = 1000, 20
SHORTEST, LONGEST = -60, 120


def probability_bins(deciles: Sequence[float] = ()) -> FieldBins:
    """Give the cells of a probability; bins are tenths of training, else of what is possible."""
    cuts = [math.floor(value * THOUSANDTHS) for value in deciles]
    cuts = cuts or [THOUSANDTHS * place // BINS for place in range(1, BINS)]
    cuts = sorted({cut for cut in cuts if 0 < cut < THOUSANDTHS})
    cells = [
        Bin(cell, sum(cut <= cell for cut in cuts), cell / THOUSANDTHS, (cell + 1) / THOUSANDTHS)
        for cell in range(THOUSANDTHS)
    ]
    return FieldBins(SCORE, "probability", (*cells, *beside(NULL)))


def latency_bins() -> FieldBins:
    """Give the cells of a latency in milliseconds, whose edges are powers of ten."""
    cells = (
        Bin(cell, cell, 10 ** (cell / STEPS), 10 ** ((cell + 1) / STEPS))
        for cell in range(SHORTEST, LONGEST + 1)
    )
    return FieldBins(LATENCY, "latency", tuple(cells))
