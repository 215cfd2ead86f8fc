"""The whole page: its cells in order, with the files and the head that they need."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from analysis.documents import inline
from analysis.documents.document import Document
from analysis.documents.freeze import Frozen, files_dir
from analysis.documents.markdown import charts, stable
from analysis.documents.markdown.block import cell_markdown
from analysis.documents.markdown.cell import Cell, Part
from analysis.documents.markdown.fences import raw_html
from analysis.documents.markdown.images import EXTENSIONS, address
from analysis.documents.notebook import CellPlan

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TOP_KEY = re.compile(r"^\S")


def frozen(document: Document, executed: NotebookNode) -> Frozen:
    """Write the Markdown of an executed notebook as Quarto does.

    Raises
    ------
    CellError
        An inline expression raised, or a chart cannot be drawn.
    """
    folder = f"{files_dir(document.source)}/figure-html"
    parts = list(_parts(document, executed, folder))
    figures = {name: content for part in parts for name, content in part.figures}
    head: tuple[str, ...] = ()
    if any(part.has_chart for part in parts):
        up = "../" * (len(PurePosixPath(document.source).parts) - 1)
        head = (f'<script src="{up}{charts.SCRIPT}" defer></script>',)
    return Frozen(
        markdown="".join(f"{part.markdown}\n" for part in parts),
        figures=tuple(figures.items()),
        head=head,
    )


def _parts(document: Document, executed: NotebookNode, folder: str) -> list[Part]:
    parts: list[Part] = []
    values: Sequence[str] = ()
    number = 0
    rename = _renamer(executed)
    written = "\n".join(cell.source for cell in executed.cells)
    for cell in executed.cells:
        plan = CellPlan.of(cell) if cell.cell_type == "code" else None
        if plan is None:
            parts.append(_text(cell, values, folder))
            values = ()
        elif plan.inline:
            values = inline.results(cell.outputs, plan.expressions)
        else:
            number += 1
            count = number if document.has_code else cell.execution_count
            shown = Cell(
                id=cell.id,
                number=number,
                count=count,
                source=cell.source,
                plan=plan,
                outputs=tuple(_clean(output, rename) for output in _merged(cell.outputs)),
                execute=document.execute,
                folder=folder,
                written=written,
            )
            parts.append(cell_markdown(shown))
    return parts


def _text(cell: NotebookNode, values: Sequence[str], folder: str) -> Part:
    text = cell.source
    if cell.cell_type == "raw":
        return Part(f"{_raw(text, cell.metadata)}\n")
    text = inline.substitute(text, values) if values else text
    figures = []
    for index, (name, data) in enumerate(cell.get("attachments", {}).items(), 1):
        mime = next((mime for mime in data if mime in EXTENSIONS), None)
        if mime:
            path = f"{folder}/{cell.id}-{index}-{name}"
            figures.append((path, base64.b64decode(data[mime])))
            text = text.replace(f"attachment:{name}", address(path))
    return Part(f"{text}\n", tuple(figures))


def _raw(text: str, metadata: Mapping[str, Any]) -> str:
    if metadata.get("raw_mimetype") == "text/html":
        return raw_html(text).rstrip("\n")
    return without_jupyter(text) if text.startswith("---") else text


def without_jupyter(text: str) -> str:
    """Leave the key ``jupyter`` out of the front matter: it has done its work."""
    kept, inside = [], False
    for line in text.split("\n"):
        if _TOP_KEY.match(line):
            inside = line.startswith("jupyter:")
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def _merged(outputs: Sequence[NotebookNode]) -> list[dict[str, Any]]:
    """Join neighbouring pieces of one stream."""
    merged: list[dict[str, Any]] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            merged.append(dict(output))
    return merged


def _renamer(executed: NotebookNode) -> Callable[[str], str]:
    """Give the function that puts ``Cell In[3]`` for the temporary file of the third cell."""

    @cache
    def counts() -> dict[str, int]:
        code = [cell for cell in executed.cells if cell.cell_type == "code"]
        plans = ((cell.source, CellPlan.of(cell)) for cell in code)
        ran = [source for source, plan in plans if plan.eval and not plan.inline and source.strip()]
        return stable.code_numbers(dict(enumerate(ran, 1)))

    return lambda text: stable.stable_paths(text, counts)


def _clean(output: dict[str, Any], rename: Callable[[str], str]) -> dict[str, Any]:
    if "text" in output:
        output["text"] = rename(output["text"])
    if "traceback" in output:
        output["traceback"] = [rename(line) for line in output["traceback"]]
    return output
