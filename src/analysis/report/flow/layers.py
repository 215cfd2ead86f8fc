"""Columns of a layered graph: which node stands in which, and how long lines pass the others.

The method is that of Sugiyama, Tagawa and Toda (Methods for visual understanding of hierarchical
system structures, IEEE Transactions on Systems, Man and Cybernetics 11, 1981). What is drawn
depends on the names of the nodes and on nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Graph:
    """Nodes in their order, and edges between neighbours in columns.

    ``columns`` hold nodes, and bends, through which lines pass: all lines from one node share
    them. ``edges`` go from one column to the next. ``bends`` are those items that are no nodes.
    """

    columns: tuple[tuple[str, ...], ...]
    edges: tuple[tuple[str, str], ...]
    bends: frozenset[str]


def layered(
    nodes: Iterable[str], edges: Iterable[tuple[str, str]], last: Collection[str] = ()
) -> Graph:
    """Put each node one column after the furthest of those before it; ``last`` go to the end.

    Edges that would close a circle, that lead on from the end, or to nothing, are left out.
    """
    known = dict.fromkeys(nodes)
    wanted = sorted(
        {(a, b) for a, b in edges if a in known and b in known and a != b and a not in last}
    )
    before = _without_circles(known, wanted)
    depth = _depths(known, before)
    end = max(
        [*(depth[n] for n in known if n not in last), *(depth[n] - 1 for n in last if n in depth)],
        default=0,
    )
    depth |= {node: end + 1 for node in known if node in last}
    return _with_bends(depth, before)


def _without_circles(
    nodes: Iterable[str], edges: Collection[tuple[str, str]]
) -> dict[str, list[str]]:
    """Give what stands before each node, without the edges that lead back."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for a, b in edges:
        after[a].append(b)
    before: dict[str, list[str]] = {node: [] for node in after}
    done: set[str] = set()
    for root in after:
        path: list[tuple[str, list[str]]] = [] if root in done else [(root, list(after[root]))]
        open_ = {root} if path else set()
        while path:
            node, left = path[-1]
            if not left:
                path.pop()
                open_.discard(node)
                done.add(node)
                continue
            if (target := left.pop(0)) in open_:
                continue
            before[target].append(node)
            if target not in done:
                path.append((target, list(after[target])))
                open_.add(target)
    return before


def _depths(nodes: Iterable[str], before: Mapping[str, list[str]]) -> dict[str, int]:
    depth: dict[str, int] = {}
    waiting = list(nodes)
    while waiting:  # each round has at least one node whose predecessors are all known
        ready = [n for n in waiting if all(b in depth for b in before[n])]
        for node in ready:
            depth[node] = 1 + max((depth[b] for b in before[node]), default=-1)
        waiting = [n for n in waiting if n not in depth]
    return depth


def _with_bends(depth: Mapping[str, int], before: Mapping[str, list[str]]) -> Graph:
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node, column in depth.items():
        columns[column].append(node)
    edges: dict[tuple[str, str], None] = {}
    bends: dict[str, None] = {}
    for node, sources in before.items():
        for source in sources:
            here = source
            for column in range(depth[source] + 1, depth[node]):
                bend = f"{source}\0{column}"
                if bend not in bends:
                    bends[bend] = None
                    columns[column].append(bend)
                edges[here, bend] = None
                here = bend
            edges[here, node] = None
    return Graph(tuple(map(tuple, columns)), tuple(edges), frozenset(bends))
