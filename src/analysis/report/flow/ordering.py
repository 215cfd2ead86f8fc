"""The order within columns that makes lines cross as little as a few sweeps can."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from analysis.report.flow.layers import Graph

_SWEEPS = 24


def ordered(graph: Graph) -> Graph:
    """Sort each column by where its neighbours stand, forwards and backwards; keep the best."""
    before, after = _neighbours(graph)
    best = current = [list(column) for column in graph.columns]
    fewest = _all_crossings(best, after)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        forwards = sweep % 2 == 0
        current = _sweep(current, before if forwards else after, forwards=forwards)
        _swap(current, before, after)
        if (count := _all_crossings(current, after)) < fewest:
            best, fewest = [list(column) for column in current], count
    return replace(graph, columns=tuple(map(tuple, best)))


def crossings(graph: Graph) -> int:
    """Count how often lines cross."""
    return _all_crossings(graph.columns, _neighbours(graph)[1])


def _neighbours(graph: Graph) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {item: [] for column in graph.columns for item in column}
    after: dict[str, list[str]] = {item: [] for item in before}
    for a, b in graph.edges:
        before[b].append(a)
        after[a].append(b)
    return before, after


def _sweep(
    columns: Sequence[Sequence[str]], neighbours: Mapping[str, list[str]], *, forwards: bool
) -> list[list[str]]:
    result = [list(column) for column in columns]
    order = range(1, len(result)) if forwards else range(len(result) - 2, -1, -1)
    for index in order:
        other = result[index - 1 if forwards else index + 1]
        place = {item: i / max(1, len(other) - 1) for i, item in enumerate(other)}
        here = {item: i / max(1, len(result[index]) - 1) for i, item in enumerate(result[index])}
        centre = {item: _mean([place[n] for n in neighbours[item]], here[item]) for item in here}
        result[index].sort(key=centre.__getitem__)
    return result


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _swap(
    columns: list[list[str]], before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> None:
    """Swap neighbours in a column while that removes crossings."""
    for index, column in enumerate(columns):
        left = _places(columns[index - 1]) if index else {}
        right = _places(columns[index + 1]) if index + 1 < len(columns) else {}
        for i in range(len(column) - 1):
            a, b = column[i], column[i + 1]
            now = _pair(a, b, before, left) + _pair(a, b, after, right)
            then = _pair(b, a, before, left) + _pair(b, a, after, right)
            if then < now:
                column[i], column[i + 1] = b, a


def _pair(
    upper: str, lower: str, neighbours: Mapping[str, list[str]], place: Mapping[str, int]
) -> int:
    return sum(place[n] > place[m] for n in neighbours[upper] for m in neighbours[lower])


def _places(column: Sequence[str]) -> dict[str, int]:
    return {item: i for i, item in enumerate(column)}


def _all_crossings(columns: Sequence[Sequence[str]], after: Mapping[str, list[str]]) -> int:
    total = 0
    for column, following in pairwise(columns):
        place = _places(following)
        seen: list[int] = []
        for item in column:
            ends = sorted(place[n] for n in after[item])
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total
