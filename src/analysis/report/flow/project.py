"""The observed graph of a project: what its schema ``meta`` knows of who reads what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.lineage import views_of_dataset
from analysis.report.data.links import address, relation_address
from analysis.report.data.read import rows


class Kind(StrEnum):
    """What a node is, in the order in which data flow."""

    SOURCE = "source"
    VIEW = "view"
    SAMPLE = "sample"
    DATASET = "dataset"
    EXPERIMENT = "experiment"
    MODEL = "model"
    PAGE = "page"


@dataclass(frozen=True)
class Node:
    """A thing in the chart: its name, how it is labelled, and the address of its page."""

    id: str
    kind: Kind
    label: str
    address: str | None = None
    said: str = ""


@dataclass(frozen=True)
class Flow:
    """All nodes by id, and who is read by whom."""

    nodes: Mapping[str, Node]
    edges: tuple[tuple[str, str], ...]


_RELATIONS = "select name, kind, schema, description from meta.relations order by name"
_READS = "select relation, reads from meta.reads where reads not like 'meta.%' order by all"
_INPUTS = "select document, kind, id from meta.inputs order by all"
_DOCUMENTS = "select document, title from meta.documents order by document"
# Kinds of inputs that are nodes of their own; others, such as files and packages, are not drawn.
_THINGS = {"dataset": Kind.DATASET, "experiment": Kind.EXPERIMENT, "model": Kind.MODEL}


def read_flow() -> Flow:
    """Read the graph; pages that read nothing of it are left out."""
    nodes = {node.id: node for node in _relations()}
    edges = [(_told(row.reads), row.relation) for row in rows(_READS)]
    titles = {row.document: row.title for row in rows(_DOCUMENTS)}
    for row in rows(_INPUTS):
        page = f"page {row.document}"
        read = _told(row.id)
        if kind := _THINGS.get(row.kind):
            read = f"{row.kind} {row.id}"
            nodes.setdefault(read, Node(read, kind, row.id.partition(": ")[0], said=row.id))
            edges += [(view, read) for view in _views_of(row.kind, row.id) if view in nodes]
        elif row.kind != "relation" or read not in nodes:
            continue
        title = titles.get(row.document) or row.document
        nodes.setdefault(page, Node(page, Kind.PAGE, title, address(row.document), row.document))
        edges.append((read, page))
    return Flow(nodes, tuple(_without_short_cuts(nodes, edges)))


def _relations() -> Iterator[Node]:
    for row in rows(_RELATIONS):
        kind = Kind.SOURCE if row.kind == "source" else Kind.VIEW
        if row.schema == "samples":
            kind = Kind.SAMPLE
        label = row.name.removeprefix("raw.")
        yield Node(row.name, kind, label, relation_address(row.name), row.description or "")


def _told(relation: str) -> str:
    """Give the relation that is drawn: rejected rows are a part of their source."""
    return relation.removesuffix("__rejected")


def _views_of(kind: str, name: str) -> tuple[str, ...]:
    return views_of_dataset(name) if kind == "dataset" else ()


def _without_short_cuts(
    nodes: Mapping[str, Node], edges: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Leave out that a page reads the views of a dataset that it reads."""
    inside: dict[str, set[str]] = {}
    for a, b in edges:
        if b in nodes and nodes[b].kind is Kind.DATASET:
            inside.setdefault(b, set()).add(a)
    through: dict[str, set[str]] = {}
    for a, b in edges:
        if a in inside:
            through.setdefault(b, set()).update(inside[a])
    for a, b in dict.fromkeys(edges):
        if a in nodes and b in nodes and a not in through.get(b, ()):
            yield a, b
