"""The graph of the project's documents: what each is, and what it depended on when it last ran.

Pages read it as the live relations ``meta.documents`` and ``meta.inputs``, which are views on the
file that is written here. A page that reads ``meta.inputs`` is left out of it, since its own run
would change what it reads, and it would never be fresh.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.documents.inputsfile import read_inputs
from analysis.documents.page import output_of
from analysis.errors import AnalysisError
from analysis.files import digest, write_bytes
from analysis.lineage import Inputs
from analysis.lineage.system import DOCUMENTS, GRAPH, INPUTS, KIND
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.documents.document import Document

# Releases follow from runs: if they made pages stale, each release would make another one.
_ALWAYS = "live"


class Graph:
    """The graph as it is on disk when it is first looked at; ``known`` documents were read."""

    def __init__(self, project: Project, known: Iterable[Document] = ()) -> None:
        self._project = project
        self._known = {document.source: document for document in known}

    @cached_property
    def last(self) -> Mapping[str, Inputs]:
        """Give the inputs of the last good run of each page that had one."""
        found = ((source, read_inputs(self._project, source)) for source in self._project.documents)
        return {source: inputs for source, inputs in found if inputs is not None}

    @cached_property
    def inputs(self) -> tuple[tuple[str, str, str], ...]:
        """List document, kind and id of each input, without what it contained."""
        return tuple(
            (source, kind, name)
            for source, inputs in self.last.items()
            if not reads_inputs(inputs)
            for kind, rows in sorted(inputs.items())
            for name in sorted(rows)
        )

    @cached_property
    def documents(self) -> tuple[Mapping[str, Any], ...]:
        """Describe the documents that can be read."""
        found = (self._document(source) for source in self._project.documents)
        return tuple(_described(document) for document in found if document)

    def fingerprint(self, relation: str) -> str:
        """Fingerprint what a live relation tells."""
        if relation == INPUTS:
            return _digest(self.inputs)
        return _digest(self.documents) if relation == DOCUMENTS else _ALWAYS

    def write(self) -> None:
        """Write the file of which the live relations are views, unless it says the same."""
        keys = ("document", "kind", "id")
        inputs = [dict(zip(keys, edge, strict=True)) for edge in self.inputs]
        content = _json({"documents": self.documents, "inputs": inputs})
        path = graph_file(self._project)
        if not (path.is_file() and path.read_bytes() == content):
            write_bytes(path, content)

    def _document(self, source: str) -> Document | None:
        if source in self._known:
            return self._known[source]
        from analysis.documents.document import read_document

        try:
            return read_document(self._project, source)
        except AnalysisError:  # told where it is run
            return None


def graph_file(project: Project) -> Path:
    """Say where the graph lies."""
    return project.root / GRAPH


def reads_inputs(inputs: Inputs) -> bool:
    """Say whether a page with these inputs has read what others depend on."""
    return INPUTS in inputs.get(KIND, {})


def _described(document: Document) -> dict[str, Any]:
    metadata = document.metadata
    title, date, categories = (metadata.get(key) for key in ("title", "date", "categories"))
    listed = categories if isinstance(categories, list) else [categories] if categories else []
    return {
        "document": document.source,
        "title": None if title is None else str(title),
        "section": document.source.rpartition("/")[0] or None,
        "date": None if date is None else str(date),
        "categories": [str(item) for item in listed],
        "output": output_of(document.source, metadata),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _digest(value: Any) -> str:
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
