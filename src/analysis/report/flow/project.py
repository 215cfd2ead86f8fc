"""The observed graph of a project: what its schema ``meta`` knows of who reads what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace

from analysis.lineage import views_of_dataset
from analysis.lineage.notes import experiment_of, model_of
from analysis.lineage.system import BY_MODEL, KIND, ON_RUNS, USES
from analysis.report.data.links import address, generated_address, relation_address
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
# Models that have the run of an experiment.
_MODELS = "select distinct model, experiment from meta.models order by all"
_USES = "select distinct experiment, relation from meta.uses order by all"
_MODELS = "select distinct model, experiment from meta.models order by all"


def read_flow() -> Flow:
    """Read the graph; pages that read nothing of it are left out.

    So are those on single runs, of which there may be hundreds, and lines from all experiments to
    a page that tells of the warehouse as a whole.
    """
    nodes = {node.id: node for node in _relations()}
    edges = [(_told(row.reads), row.relation) for row in rows(_READS)]
    edges += _trained(nodes)
    titles = {row.document: row.title for row in rows(_DOCUMENTS)}
    for row in _inputs():
        if row.kind == "dataset":
            read = Node(f"dataset {row.id}", Kind.DATASET, row.id.partition(": ")[0], said=row.id)
            nodes.setdefault(read.id, read)
            edges += [(view, read.id) for view in views_of_dataset(row.id)]
        page = f"page {row.document}"
        title = titles.get(row.document) or row.document
        drawn = Node(page, Kind.PAGE, title, address(row.document), row.document)
        for name in _read_by(row.kind, row.id, nodes):
            nodes.setdefault(page, drawn)
            edges.append((name, page))
    return Flow(nodes, tuple(_without_short_cuts(nodes, edges)))


def _trained(nodes: dict[str, Node]) -> list[tuple[str, str]]:
    """Add experiments and models to ``nodes``, and give what leads to them."""
    edges = []
    for row in rows(_USES):
        experiment, name = f"experiment {row.experiment}", row.experiment
        page = generated_address(f"experiment.{name}")
        nodes.setdefault(experiment, Node(experiment, Kind.EXPERIMENT, name, page))
        edges.append((row.relation.lower(), experiment))
    for row in rows(_MODELS):
        model, name = f"model {row.model}", row.model
        page = generated_address(f"model.{name}")
        nodes.setdefault(model, Node(model, Kind.MODEL, name, page))
        edges.append((f"experiment {row.experiment}", model))
    return edges


def _inputs() -> list[SimpleNamespace]:
    found = rows(_INPUTS)
    on_runs, on_all = (
        {row.document for row in found if row.kind == kind} for kind in ("run", "warehouse")
    )
    return [
        row
        for row in found
        if row.document not in on_runs and not (row.kind == KIND and row.document in on_all)
    ]


def _read_by(kind: str, name: str, nodes: Mapping[str, Node]) -> list[str]:
    """Give the nodes that an input of a page is; others, such as files, are not drawn."""
    if kind == KIND and name in ON_RUNS and name != USES:
        return [node.id for node in nodes.values() if node.kind is Kind.EXPERIMENT]
    if kind == KIND and name in BY_MODEL:
        return [node.id for node in nodes.values() if node.kind is Kind.MODEL]
    read = {
        "dataset": f"dataset {name}",
        "experiment": f"experiment {experiment_of(name)[0]}",
        "model": f"model {model_of(name)}",
        "relation": _told(name),
    }.get(kind)
    return [read] if read and read in nodes else []


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
