"""The data-flow chart: the layout by itself, and what is drawn of a real warehouse."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from analysis.report.flow.draw import draw
from analysis.report.flow.layers import Graph, layered
from analysis.report.flow.ordering import crossings, ordered
from analysis.report.flow.places import GAP, Places, place, spread
from analysis.report.flow.project import Flow, Kind, Node

EDGES = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40)


def _edges(pairs: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return [(f"n{a}", f"n{b}") for a, b in pairs]


def _laid_out(graph: Graph) -> Places:
    return place(graph, {item: 60.0 for column in graph.columns for item in column})


# Of each kind: how many there are, what kinds they read, and how many of them.
PROJECT = {
    Kind.SOURCE: (10, (), 0),
    Kind.VIEW: (24, (Kind.SOURCE, Kind.VIEW), 2),
    Kind.SAMPLE: (4, (Kind.VIEW,), 1),
    Kind.DATASET: (5, (Kind.SAMPLE, Kind.VIEW), 3),
    Kind.EXPERIMENT: (4, (Kind.DATASET,), 1),
    Kind.MODEL: (4, (Kind.EXPERIMENT,), 1),
    Kind.PAGE: (21, (Kind.VIEW, Kind.VIEW, Kind.VIEW, Kind.MODEL), 2),
}


def big_flow(seed: int = 4) -> Flow:
    """Make a project of 72 things, which read earlier ones."""
    rng = random.Random(seed)
    nodes: dict[str, Node] = {}
    edges: list[tuple[str, str]] = []
    for kind, (count, reads, most) in PROJECT.items():
        for i in range(count):
            name = f"{kind}.thing_number_{i}"
            nodes[name] = Node(name, kind, name, f"{name}.html", f"about <{name}>")
            for read in rng.choices(reads, k=most) if reads else ():
                # Things that are near in the list belong together more often than others.
                number = i if read is kind else PROJECT[read][0]
                at = round(rng.gauss(i / count * number, number / 8))
                if number and f"{read}.thing_number_{at}" in nodes:
                    edges.append((f"{read}.thing_number_{at}", name))
    return Flow(nodes, tuple(edges))


@given(EDGES)
def test_every_line_goes_to_the_next_column_and_every_node_is_there(
    pairs: list[tuple[int, int]],
) -> None:
    nodes = [f"n{i}" for i in range(15)]
    graph = layered(nodes, _edges(pairs), last={"n14", "n13"})
    where = {item: i for i, column in enumerate(graph.columns) for item in column}
    assert set(where) - graph.bends == set(nodes)
    assert all(where[b] == where[a] + 1 for a, b in graph.edges)
    assert where["n13"] == where["n14"] == len(graph.columns) - 1


def test_circles_are_cut_and_unknown_nodes_left_out() -> None:
    graph = layered(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("b", "b"), ("x", "a")])
    assert graph.columns == (("a",), ("b",), ("c",))


def test_nothing_at_all() -> None:
    assert ordered(layered([], [])).columns == ()
    assert "Data flow" in draw(Flow({}, ()))


@given(EDGES)
def test_ordering_never_adds_crossings(pairs: list[tuple[int, int]]) -> None:
    graph = layered([f"n{i}" for i in range(15)], _edges(pairs))
    better = ordered(graph)
    assert crossings(better) <= crossings(graph)
    assert list(map(sorted, better.columns)) == list(map(sorted, graph.columns))


def test_crossings_are_counted() -> None:
    crossed = Graph((("a", "b"), ("c", "d")), (("a", "d"), ("b", "c")), frozenset())
    assert crossings(crossed) == 1
    assert crossings(ordered(crossed)) == 0
    full = Graph(
        (("a", "b"), ("c", "d")), (("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")), frozenset()
    )
    assert crossings(full) == 1


@given(EDGES)
def test_boxes_do_not_overlap(pairs: list[tuple[int, int]]) -> None:
    graph = ordered(layered([f"n{i}" for i in range(15)], _edges(pairs)))
    places = _laid_out(graph)
    for column in graph.columns:
        boxes = [places.boxes[item] for item in column]
        assert all(b.y - (a.y + a.height) >= GAP - 0.11 for a, b in pairwise(boxes))
    columns = [places.boxes[column[0]] for column in graph.columns]
    assert all(b.x > a.right for a, b in pairwise(columns))
    assert all(b.y >= 0 and b.y + b.height <= places.height for b in places.boxes.values())


def test_spreading_moves_as_little_as_it_can() -> None:
    assert spread([0, 0], [10]) == [-5, 5]
    assert spread([0, 50], [10]) == [0, 50]
    assert spread([5, 0, 100], [10, 10]) == [-2.5, 7.5, 100]
    assert spread([], []) == []


def test_seventy_nodes_are_drawn_without_overlap_and_always_alike() -> None:
    flow = big_flow()
    assert len(flow.nodes) > 60
    drawn = draw(flow)
    tree = html.fromstring(f"<div>{drawn}</div>")
    rects = [
        tuple(float(rect.get(k)) for k in ("x", "y", "width", "height"))
        for rect in tree.iter("rect")
    ]
    assert len(rects) == len(flow.nodes)
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(rects, 2):
        assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1
    shuffled = list(flow.nodes.items())
    random.Random(1).shuffle(shuffled)
    edges = list(flow.edges)
    random.Random(2).shuffle(edges)
    assert draw(Flow(dict(shuffled), tuple(edges))) == drawn


def test_every_node_is_a_link_and_stands_in_the_list_too() -> None:
    flow = big_flow()
    tree = html.fromstring(f"<div>{draw(flow)}</div>")
    [svg] = tree.iter("svg")
    assert svg.get("role") == "img"
    assert "10 sources" in svg.get("aria-label")
    wanted = {node.address for node in flow.nodes.values()}
    assert {a.get("href") for a in svg.iter("a")} == wanted
    [details] = tree.iter("details")
    assert {a.get("href") for a in details.iter("a")} == wanted
    assert not list(tree.iter("script"))


@pytest.mark.parametrize("field", ["label", "said", "id"])
def test_markup_in_names_is_text(field: str) -> None:
    values = {"id": "a", "label": "a", "said": ""} | {field: "<script>alert('x')</script>\"&"}
    node = Node(values["id"], Kind.VIEW, values["label"], None, values["said"])
    drawn = draw(Flow({node.id: node}, ()))
    assert "<script" not in drawn


def test_a_long_label_is_cut_and_kept_in_the_title() -> None:
    node = Node("p", Kind.PAGE, "A very long title that no box of a chart would ever have room for")
    tree = html.fromstring(f"<div>{draw(Flow({'p': node}, ()))}</div>")
    [label] = tree.iter("text")
    assert label.text.endswith("…")
    assert any(node.label in (title.text or "") for title in tree.iter("title"))
