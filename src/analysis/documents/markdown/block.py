"""One executed code cell as Markdown: its code and its outputs in a div with its attributes."""

from __future__ import annotations

from analysis.documents.markdown.attributes import classes, forwarded
from analysis.documents.markdown.cell import Cell, Part
from analysis.documents.markdown.fences import ticks
from analysis.documents.markdown.labels import Captions
from analysis.documents.markdown.outputs import output_parts, visible


def cell_markdown(cell: Cell) -> Part:
    """Write a cell as Quarto does."""
    cell = visible(cell)
    if not cell.option("include") or not (cell.source.strip() or cell.outputs):
        return Part("")
    outputs = output_parts(cell) if cell.option("output") else []
    code = _code(cell) if cell.option("echo") else ""
    inner = code + "".join(part.markdown for part in outputs)
    markdown = _enclosed(cell, inner) if inner else ""
    markdown += "\n" * int(cell.plan.attributes.get("lines_to_next_cell") or 1)
    if cell.plan.indent:
        markdown = "\n" + "\n".join(cell.plan.indent + line for line in markdown.split("\n"))
    return Part(
        markdown,
        tuple(figure for part in outputs for figure in part.figures),
        any(part.has_chart for part in outputs),
    )


def _enclosed(cell: Cell, inner: str) -> str:
    labelled = bool(cell.label) and cell.label_on_cell
    attributes = [*classes(cell.plan), *forwarded(cell.plan)]
    has_caption = cell.captions != Captions()
    if cell.is_bare and not (labelled or attributes or has_caption):
        return inner
    parts = [f"#{cell.label if labelled else _cell_id(cell)}", ".cell", *attributes]
    parts += [f"execution_count={cell.count}"] if cell.count is not None else []
    caption = f"\n{cell.captions.cell}\n" if cell.captions.cell else ""
    return f"::: {{{' '.join(parts)}}}\n{inner}{caption}:::\n"


def _cell_id(cell: Cell) -> str:
    label = cell.plan.options.get("label")
    return f"cell-{label}" if isinstance(label, str) else cell.id


def _code(cell: Cell) -> str:
    fenced = cell.option("echo") == "fenced"
    source = cell.source.rstrip("\n")
    fence = ticks(source, least=4 if fenced else 3)
    if fenced:
        shown = [line for line in cell.plan.option_lines if not _asks_for_fence(line)]
        source = "\n".join(["```{{python}}", *shown, source.strip("\n"), "```", ""])
    elif cell.plan.option_lines:
        source = source.lstrip("\n")
    return f"{fence} {{{_code_attributes(cell, fenced=fenced)}}}\n{source}\n{fence}\n"


def _asks_for_fence(line: str) -> bool:
    return line.replace(" ", "").endswith("|echo:fenced")


def _code_attributes(cell: Cell, *, fenced: bool) -> str:
    options = cell.plan.options
    text = ""
    if isinstance(options.get("lst-label"), str):
        text += f"#{options['lst-label'].removeprefix('#')} "
    if not fenced:
        text += f".{cell.plan.attributes.get('language') or 'python'}"
    text += " .cell-code"
    if options.get("code-overflow") in ("wrap", "scroll"):
        text += f" .code-overflow-{options['code-overflow']}"
    for key in ("lst-cap", "code-fold", "code-summary", "code-line-numbers"):
        if key in options:
            value = options[key]
            written = str(value).lower() if isinstance(value, bool) else str(value)
            quoted = " ".join(written.split()).replace('"', '\\"')
            text += f' {key}="{quoted}"'
    return text
