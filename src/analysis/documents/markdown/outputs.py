"""The outputs of a cell: streams, errors, and the best representation of each value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.documents.markdown import ansi, charts
from analysis.documents.markdown.cell import Cell, Part
from analysis.documents.markdown.fences import enclosed, raw_html
from analysis.documents.markdown.images import EXTENSIONS, image, link
from analysis.documents.markdown.labels import Output, is_display, is_table
from analysis.documents.markdown.stable import stable_ids

_PRIORITY = (
    "application/javascript",
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain",
)
# What matplotlib's functions return beside the figure that they draw.
_OBJECTS = ("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:")
_OBJECT = re.compile(r"^([<(\[]).*?([>)\]])$|^Text\([-\d]")
# Options that may have a value for each output.
_BROADCAST = ("fig-align", "fig-env", "fig-alt", "fig-pos", "fig-scap", "fig-link")


def visible(cell: Cell) -> Cell:
    """Leave out the outputs that are not shown, and see formulas as Markdown."""
    has_image = any(mime_of(output) in EXTENSIONS for output in cell.outputs)
    kept = (
        _with_formula(output)
        for output in cell.outputs
        if not (output.get("name") == "stderr" and not cell.shows_warnings)
        and not _is_by_product(output, has_image)
    )
    return replace(cell, outputs=tuple(kept))


def mime_of(output: Output) -> str | None:
    """Choose the representation to show."""
    if not is_display(output):
        return None
    data = output["data"]
    return charts.chart_mime(data) or next((mime for mime in _PRIORITY if mime in data), None)


def output_parts(cell: Cell) -> list[Part]:
    """Write each output, in its own div unless the cell is bare."""
    captions = list(cell.captions.outputs)
    parts, displays = [], 0
    for index, output in enumerate(cell.outputs):
        label, caption = cell.label, None
        if is_display(output):
            displays += 1
            if label and cell.label_on_cell:
                label = f"{label}-{displays}"
            if output["data"]:
                caption = (captions.pop(0) if captions else None) or None
        part = _output(cell, index, output, label, caption)
        markdown = part.markdown
        if caption and mime_of(output) not in EXTENSIONS:
            markdown += f"\n{caption}\n"
        if not cell.is_bare:
            markdown = f"\n::: {{{_attributes(cell, output, label)}}}\n{markdown}:::\n"
        parts.append(replace(part, markdown=markdown))
    return parts


def _attributes(cell: Cell, output: Output, label: str) -> str:
    mime = mime_of(output)
    parts = [".cell-output"]
    if label and is_display(output) and not is_table(cell.plan.options) and mime not in EXTENSIONS:
        parts.insert(0, f"#{label}")
    kind = "display" if is_display(output) else output.get("name") or output["output_type"]
    parts.append(f".cell-output-{kind}")
    if mime == "text/markdown":
        parts.append(".cell-output-markdown")
    if isinstance(output.get("execution_count"), int):
        parts.append(f"execution_count={output['execution_count']}")
    if cell.plan.options.get("html-table-processing") == "none":
        parts.append("html-table-processing=none")
    return " ".join(parts)


def _output(cell: Cell, index: int, output: Output, label: str, caption: str | None) -> Part:
    kind = output["output_type"]
    if kind == "stream":
        is_text = cell.is_bare and output["name"] == "stdout"
        return Part(output["text"] if is_text else _terminal(output["text"]))
    if kind == "error":
        return Part(_error(output))
    mime = mime_of(output)
    if mime is None:
        names = ", ".join(output["data"])
        return Part(
            enclosed(f"Unable to display output for mime type(s): {names}") if names else ""
        )
    options = {key: _each(cell.plan.options.get(key), index) for key in _BROADCAST}
    value = output["data"][mime]
    if mime in EXTENSIONS:
        retina = cell.execute.fig_dpi if cell.execute.fig_format == "retina" else None
        size = output.get("metadata", {}).get(mime, {})
        picture = image(value, mime, size, f"{cell.figure_stem}-{index + 1}", retina)
        shown = link(picture, label, caption or "", options)
        return Part(shown, ((picture.name, picture.content),))
    if mime == charts.chart_mime(output["data"]):
        text = options["fig-alt"] or caption or cell.captions.cell
        html = charts.chart(value, f"{cell.id}-{index + 1}", text, cell.plan.where)
        return Part(raw_html(html), has_chart=True)
    return Part(_text(cell, index, mime, value))


def _text(cell: Cell, index: int, mime: str, value: str) -> str:
    if mime == "text/html":
        return raw_html(stable_ids(value, cell.id, index, cell.written))
    if mime == "text/markdown":
        return f"{value}\n"
    if mime == "application/javascript":
        return raw_html(f'<script type="{mime}">\n{value}\n</script>')
    if value.startswith("'<table") and value.endswith("</table>'"):
        return f"{value[1:-1]}\n"
    return _terminal(value)


def _terminal(text: str) -> str:
    if ansi.has_colours(text):
        return _coloured(text)
    return enclosed(ansi.without_codes(text))


def _coloured(text: str) -> str:
    pre = raw_html(f"<pre>{ansi.spans(text)}</pre>")
    return f"\n::: {{.ansi-escaped-output}}\n{pre}:::\n\n"


def _error(output: Output) -> str:
    traceback = "\n".join(output["traceback"])
    if ansi.has_colours(traceback):
        return _coloured(traceback)
    message = f"{output['ename']}: {output['evalue']}"
    return enclosed(f"{message}\n{traceback}" if traceback else message)


def _each(value: Any, index: int) -> Any:
    if isinstance(value, list):
        return value[index] if index < len(value) else None
    return value


def _with_formula(output: Output) -> Output:
    if not is_display(output):
        return output
    data: Mapping[str, Any] = output["data"]
    latex = data.get("text/latex", "").strip()
    is_math = (latex[:1] == latex[-1:] == "$") or (
        latex.startswith("\\begin{") and "\\end{" in latex.splitlines()[-1]
    )
    if not latex or not is_math or "text/markdown" in data:
        return output
    return {**output, "data": {**data, "text/markdown": data["text/latex"]}}


def _is_by_product(output: Output, has_image: bool) -> bool:
    if output["output_type"] != "execute_result" or list(output["data"]) != ["text/plain"]:
        return False
    text = output["data"]["text/plain"]
    if not has_image:
        return bool(text.startswith(_OBJECTS))
    if "\n" in text.rstrip("\n"):
        return "<matplotlib." in text
    text = text.strip()
    return _OBJECT.match(text) is not None or (text.startswith("{") and "<matplotlib." in text)
