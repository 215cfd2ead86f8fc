"""The chart as SVG: boxes that are links, lines between them, and the same as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.report.flow.layers import Graph, layered
from analysis.report.flow.ordering import ordered
from analysis.report.flow.places import Box, Places, place
from analysis.report.flow.project import Flow, Kind, Node
from analysis.report.html import Html, join, link, tag
from analysis.report.palette import CATEGORIES

COLOURS: Mapping[Kind, str] = {
    Kind.SOURCE: CATEGORIES[0],
    Kind.VIEW: CATEGORIES[2],
    Kind.SAMPLE: CATEGORIES[4],
    Kind.DATASET: CATEGORIES[5],
    Kind.EXPERIMENT: CATEGORIES[3],
    Kind.MODEL: CATEGORIES[6],
    Kind.PAGE: CATEGORIES[1],
}
_PLURALS = {kind: f"{kind}s" for kind in Kind}
_LONGEST = 34
_LETTER = 7.0  # pixels of a letter at 13 pixels, rather too wide than too narrow
_PADDING = 20
_STYLE = (
    ".flow text{font-size:13px;fill:currentColor}"
    ".flow path{fill:none;stroke:currentColor;opacity:.3;stroke-width:1.2}"
    ".flow g:hover>path,.flow g:focus-within>path{opacity:.9;stroke-width:1.8}"
    ".flow a{color:inherit;text-decoration:none}"
    ".flow a:hover text{text-decoration:underline}"
)


def draw(flow: Flow) -> Html:
    """Draw the whole chart, its key, and the list for those who do not see it."""
    last = [node.id for node in flow.nodes.values() if node.kind is Kind.PAGE]
    graph = ordered(layered(sorted(flow.nodes), flow.edges, last))
    places = place(graph, {name: _width(node) for name, node in flow.nodes.items()})
    return join([_key(flow), _scrolling(_svg(flow, graph, places)), _list(flow)])


def _width(node: Node) -> float:
    return round(len(_label(node)) * _LETTER + _PADDING)


def _label(node: Node) -> str:
    return node.label if len(node.label) <= _LONGEST else node.label[: _LONGEST - 1] + "…"


def _svg(flow: Flow, graph: Graph, places: Places) -> Html:
    said = f"Data flow: {', '.join(_counts(flow))}, joined by lines from left to right."
    leaving: dict[str, list[Html]] = {}
    for a, b in graph.edges:
        owner = a.partition("\0")[0]  # lines go on through bends
        leaving.setdefault(owner, []).append(_line(places.boxes[a], places.boxes[b]))
        if a in graph.bends and a not in leaving:
            leaving[a] = []
            leaving[owner].append(_through(places.boxes[a]))
    groups = [
        tag("g", *leaving.get(name, []), _box(node, places.boxes[name]))
        for name, node in sorted(flow.nodes.items())
    ]
    width, height = places.width + 4, places.height + 4
    return tag(
        "svg",
        tag("title", said),
        Html(f"<style>{_STYLE}</style>"),
        *groups,
        class_="flow",
        viewBox=f"-2 -2 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_label=said,
        # A little smaller where there is less room, and with a bar below it where there is little.
        style=f"display:block;width:100%;height:auto;min-width:{0.8 * width:.0f}px;"
        f"max-width:{width:.0f}px",
    )


def _box(node: Node, box: Box) -> Html:
    colour = COLOURS[node.kind]
    title = f"{node.kind}: {node.label}" + (f"\n{node.said}" if node.said else "")
    shape = (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="4" fill="{colour}" fill-opacity=".16" stroke="{colour}"/>'
    )
    label = tag("text", _label(node), x=f"{box.x + 10:.1f}", y=f"{box.middle + 4.5:.1f}")
    inner = join([tag("title", title), Html(shape), label])
    # The list below the chart is what the keyboard goes through.
    return link(node.address, inner, tabindex="-1") if node.address else tag("g", inner)


def _line(start: Box, end: Box) -> Html:
    x1, y1, x2, y2 = start.right, start.middle, end.x, end.middle
    half = (x1 + x2) / 2
    return Html(
        f'<path d="M{x1:.1f},{y1:.1f}C{half:.1f},{y1:.1f} {half:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"/>'
    )


def _through(bend: Box) -> Html:
    return Html(f'<path d="M{bend.x:.1f},{bend.middle:.1f}H{bend.right:.1f}"/>')


def _scrolling(content: Html) -> Html:
    return tag("div", content, style="overflow-x:auto;padding:.25rem 0", tabindex="0")


def _counts(flow: Flow) -> Sequence[str]:
    counts = {kind: sum(n.kind is kind for n in flow.nodes.values()) for kind in Kind}
    return [f"{n} {kind if n == 1 else _PLURALS[kind]}" for kind, n in counts.items() if n]


def _key(flow: Flow) -> Html:
    used = [kind for kind in Kind if any(n.kind is kind for n in flow.nodes.values())]
    entries = [
        tag("span", tag("span", style=_SWATCH.format(COLOURS[kind])), f" {_PLURALS[kind]}")
        for kind in used
    ]
    return tag("p", join(entries, " "), style="display:flex;flex-wrap:wrap;gap:.2rem 1.2rem")


_SWATCH = "display:inline-block;width:.8em;height:.8em;border-radius:2px;background:{}"


def _list(flow: Flow) -> Html:
    reads: dict[str, list[Node]] = {}
    for a, b in sorted(flow.edges):
        reads.setdefault(b, []).append(flow.nodes[a])
    items = [
        tag("li", f"{node.kind} ", _linked(node), _reads(reads.get(node.id, [])))
        for kind in Kind
        for node in sorted(flow.nodes.values(), key=lambda n: n.id)
        if node.kind is kind
    ]
    return tag("details", tag("summary", "The same as a list"), tag("ul", *items))


def _linked(node: Node) -> Html:
    return link(node.address, node.label)


def _reads(nodes: Sequence[Node]) -> Html | None:
    return join([" reads ", join([_linked(n) for n in nodes], ", ")]) if nodes else None
