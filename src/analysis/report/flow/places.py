"""Places in pixels for the items of a layered graph: nothing overlaps, lines are nearly level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.report.flow.layers import Graph

HEIGHT = 26  # of a box
GAP = 8  # between two boxes of a column
COLUMN_GAP = 64
_BEND = 10  # the room that a passing line takes
_ROUNDS = 8


@dataclass(frozen=True)
class Box:
    """The place of a node, or of a bend, which has no width."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Give the height at which lines begin and end."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """Give the side at which lines begin."""
        return self.x + self.width


@dataclass(frozen=True)
class Places:
    """The boxes of all items by name, and the size of the whole."""

    boxes: Mapping[str, Box]
    width: float
    height: float


def place(graph: Graph, widths: Mapping[str, float]) -> Places:
    """Place the items of a graph whose columns are in order; ``widths`` are those of the nodes."""
    heights = {i: _BEND if i in graph.bends else HEIGHT for c in graph.columns for i in c}
    middles = _middles(graph, heights)
    top = min((middles[i] - heights[i] / 2 for i in middles), default=0)
    boxes: dict[str, Box] = {}
    x = 0.0
    for column in graph.columns:
        wide = max((widths[i] for i in column if i not in graph.bends), default=0)
        for item in column:
            y = middles[item] - heights[item] / 2 - top
            # A line runs straight through its column, and a box fills it.
            boxes[item] = Box(x, round(y, 1), wide, heights[item])
        x += wide + COLUMN_GAP
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    return Places(boxes, max(x - COLUMN_GAP, 0), bottom)


def _middles(graph: Graph, heights: Mapping[str, float]) -> dict[str, float]:
    """Bring each item near its neighbours, column by column, forwards and backwards."""
    neighbours: dict[str, list[str]] = {item: [] for item in heights}
    for a, b in graph.edges:
        neighbours[a].append(b)
        neighbours[b].append(a)
    middles: dict[str, float] = {}
    for column in graph.columns:
        y = 0.0
        for item in column:
            middles[item] = y + heights[item] / 2
            y += heights[item] + GAP
    for turn in range(_ROUNDS):
        for column in graph.columns[:: 1 if turn % 2 else -1]:
            wanted = [_wish(middles[i], [middles[n] for n in neighbours[i]]) for i in column]
            apart = [(heights[a] + heights[b]) / 2 + GAP for a, b in pairwise(column)]
            middles |= dict(zip(column, spread(wanted, apart), strict=True))
    return middles


def _wish(now: float, others: Sequence[float]) -> float:
    return sum(others) / len(others) if others else now


def spread(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Place points in order, near where they are wanted and as far apart as they must be.

    The sum of squared moves is the least there is: pool adjacent violators, after the distances
    are taken off (Barlow and others, Statistical Inference under Order Restrictions, 1972).
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []  # mean and number of points
    for wish, offset in zip(wanted, offsets, strict=False):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] >= mean:
            other, n = pools.pop()
            mean, count = (mean * count + other * n) / (count + n), count + n
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=False)]
