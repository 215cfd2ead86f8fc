"""A document as a notebook, and what its cells tell the executor.

Every code cell carries a :class:`CellPlan` in its metadata under ``analysis``; for the executor::

    {"eval": true, "error": false, "inline": false, "where": {"path": "a.qmd", "line": 12}, …}

It runs code cells in order, but not those with ``eval: false``; it lets a cell raise where
``error`` is true; it runs ``inline`` cells without storing history, so that execution counts do
not change, and calls :func:`check_inline` after each. ``where`` is the file and line of the
cell's first line of code: line k of a traceback is k - 1 further down.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from analysis.documents import inline
from analysis.documents.cells import Code, Markdown
from analysis.documents.document import Document
from analysis.documents.options import IN_SOURCE, tag_options
from analysis.errors import DocumentError, Location

if TYPE_CHECKING:
    from nbformat import NotebookNode

KEY = "analysis"


@dataclass(frozen=True)
class CellPlan:
    """How one code cell is executed and shown.

    Parameters
    ----------
    where
        The first line of code.
    eval, error
        Whether it runs, and whether it may raise.
    expressions
        What a hidden cell evaluates for the Markdown after it; empty for all other cells.
    options, option_lines
        The options that shape what is shown, and the ``#|`` lines to show with ``echo: fenced``.
    attributes
        What else the author wrote: it becomes attributes of the cell's div.
    indent
        White space before each line of the result.
    """

    where: Location
    eval: bool = True
    error: bool = False
    expressions: tuple[inline.Expression, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    option_lines: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    indent: str = ""

    @property
    def inline(self) -> bool:
        """Say whether this is a hidden cell that evaluates inline expressions."""
        return bool(self.expressions)

    def to_metadata(self) -> dict[str, Any]:
        """Write the plan as it stands in a cell's metadata, in plain JSON values."""
        return {
            "eval": self.eval,
            "error": self.error,
            "inline": self.inline,
            "where": _place(self.where),
            "expressions": [{"code": e.code, **_place(e.where)} for e in self.expressions],
            "options": json.loads(json.dumps(self.options, default=str)),
            "option_lines": list(self.option_lines),
            "attributes": json.loads(json.dumps(self.attributes, default=str)),
            "indent": self.indent,
        }

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> CellPlan:
        """Read the plan of a notebook's code cell."""
        entry = cell["metadata"][KEY]
        return cls(
            where=Location(**entry["where"]),
            eval=entry["eval"],
            error=entry["error"],
            expressions=tuple(
                inline.Expression(e["code"], Location(e["path"], e["line"]))
                for e in entry["expressions"]
            ),
            options=entry["options"],
            option_lines=tuple(entry["option_lines"]),
            attributes=entry["attributes"],
            indent=entry["indent"],
        )


def _place(where: Location) -> dict[str, Any]:
    return {"path": where.path, "line": where.line}


def to_notebook(document: Document, parameters: Mapping[str, Any] | None = None) -> NotebookNode:
    """Write the document as a notebook; the same document gives the same notebook.

    ``parameters`` are set in a cell after the one tagged ``parameters``.

    Raises
    ------
    DocumentError
        There are parameters, and no cell is tagged.
    """
    name = document.kernel or "python3"
    kernelspec = {"name": name, "language": "python", "display_name": name}
    ids = _Ids(document.source)
    cells: list[dict[str, Any]] = []
    for block in document.blocks:
        if isinstance(block, Code):
            cells.append(_code_cell(document, block, ids))
        elif isinstance(block, Markdown):
            cells += _markdown_cells(document, block, ids)
        else:
            cells.append(_cell("raw", block.text, ids(block.text), **block.metadata))
    notebook = _node(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": kernelspec},
            "cells": cells,
        }
    )
    return _parameterized(notebook, document, parameters, ids) if parameters else notebook


def _node(value: dict[str, Any]) -> NotebookNode:
    from nbformat import from_dict

    node: NotebookNode = from_dict(value)  # type: ignore[no-untyped-call]
    return node


def check_inline(cell: Mapping[str, Any]) -> None:
    """Look whether an expression in an executed ``inline`` cell raised.

    Raises
    ------
    CellError
        With the expression, its file and its line.
    """
    inline.results(cell["outputs"], CellPlan.of(cell).expressions)


class _Ids:
    """Ids of cells: eight hex digits from the page's path and the cell's content."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._seen: Counter[str] = Counter()

    def __call__(self, content: str) -> str:
        self._seen[content] += 1
        key = "\0".join((self._source, content, str(self._seen[content])))
        return hashlib.sha256(key.encode()).hexdigest()[:8]


def _cell(kind: str, source: str, cell_id: str, **metadata: Any) -> dict[str, Any]:
    cell = {
        "cell_type": kind,
        "id": cell_id,
        "metadata": {"tags": [], **metadata},
        "source": source,
    }
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell


def _code_cell(document: Document, block: Code, ids: _Ids) -> dict[str, Any]:
    plan = _plan(document, block)
    tags = block.options.get("tags", block.metadata.get("tags", []))
    tags = [str(tag) for tag in tags] if isinstance(tags, list) else [str(tags)]
    chosen = block.options.get("id") or block.id
    cell_id = str(chosen) if chosen else ids("\n".join((*_texts(block), block.source)))
    return {
        **_cell("code", block.source, cell_id, tags=tags, **{KEY: plan.to_metadata()}),
        "execution_count": block.execution_count,
        "outputs": [_joined(output) for output in block.outputs],
    }


def _plan(document: Document, block: Code) -> CellPlan:
    from_notebook = document.source.endswith(".ipynb")
    moved = {} if from_notebook else {k: v for k, v in block.options.items() if k not in IN_SOURCE}
    kept = {key: value for key, value in block.options.items() if key not in moved}
    attributes = {**block.metadata, **{k: v for k, v in moved.items() if k != "id"}}
    options = {
        **tag_options(attributes.get("tags")),
        **{key: value for key, value in block.metadata.items() if key in IN_SOURCE},
        **kept,
    }
    return CellPlan(
        where=block.where,
        eval=options.get("eval", document.execute.eval) is True,
        error=bool(options.get("error", document.execute.error)),
        options=options,
        option_lines=_comment(kept) if moved else _texts(block),
        attributes=attributes,
        indent=block.indent,
    )


def _texts(block: Code) -> tuple[str, ...]:
    return tuple(line.text for line in block.option_lines)


def _comment(options: Mapping[str, Any]) -> tuple[str, ...]:
    if not options:
        return ()
    text = yaml.safe_dump(dict(options), sort_keys=False, allow_unicode=True, width=10_000)
    return tuple(f"#| {line}" for line in text.splitlines())


def _joined(output: Mapping[str, Any]) -> dict[str, Any]:
    """Join the lists of lines that notebook files have into strings."""
    joined = {key: _text(value) if key == "text" else value for key, value in output.items()}
    if "data" in joined:
        joined["data"] = {mime: _text(value) for mime, value in joined["data"].items()}
    return joined


def _text(value: Any) -> Any:
    is_lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return "".join(value) if is_lines else value


def _markdown_cells(document: Document, block: Markdown, ids: _Ids) -> list[dict[str, Any]]:
    markdown = _cell("markdown", block.text, ids(block.text))
    if block.attachments:
        markdown["attachments"] = dict(block.attachments)
    found = inline.expressions(block)
    if not found or not document.has_code:
        return [markdown]
    code = inline.code(found)
    plan = CellPlan(where=found[0].where, expressions=found)
    return [_cell("code", code, ids(code), **{KEY: plan.to_metadata()}), markdown]


def _parameterized(
    notebook: NotebookNode, document: Document, parameters: Mapping[str, Any], ids: _Ids
) -> NotebookNode:
    from papermill.parameterize import parameterize_notebook

    tagged = next((c for c in notebook.cells if "parameters" in c.metadata.tags), None)
    if tagged is None:
        raise DocumentError(
            "this document takes no parameters: no cell is tagged for them",
            Location(document.source, 1),
            "write `#| tags: [parameters]` into the cell that sets their defaults",
        )
    notebook.metadata["papermill"] = {}
    result: NotebookNode = parameterize_notebook(
        notebook,
        dict(parameters),
        comment="Injected Parameters",
        kernel_name=notebook.metadata.kernelspec.name,
        language="python",
    )
    injected = next(c for c in result.cells if "injected-parameters" in c.metadata.tags)
    plan = CellPlan.of(tagged)
    others = [tag for tag in tagged.metadata.tags if tag != "parameters"]
    injected.metadata.tags = ["injected-parameters", *others]
    shown = CellPlan(
        where=plan.where,
        options={key: value for key, value in plan.options.items() if key != "label"},
        attributes={**plan.attributes, "tags": injected.metadata.tags},
        indent=plan.indent,
    )
    injected.metadata[KEY] = shown.to_metadata()
    injected.id = ids(injected.source)
    return result
