"""Splitting a document into front matter, Markdown and code cells, as Quarto does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.documents.includes import Line
from analysis.errors import DocumentError, Location, ProjectError
from analysis.project import parse_yaml

_CELL = re.compile(r"^(\s*)(`{3,})\s*\{([A-Za-z][\w.-]*)( *[ ,].*)?\}\s*$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})(.*)$")
_YAML = re.compile(r"^---\s*$")
_YAML_END = re.compile(r"^(---|\.\.\.)\s*$")
_OPTION = re.compile(r"^#\s*\| ?")

# Diagrams and Observable cells: they run in the renderer or in the browser, not in a kernel.
PASSED_THROUGH = frozenset({"mermaid", "dot", "ojs"})


@dataclass(frozen=True)
class Raw:
    """The front matter with its ``---`` lines, or a raw cell of a notebook."""

    text: str
    where: Location
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Markdown:
    """Markdown between code cells; ``lines`` say where each came from."""

    lines: tuple[Line, ...]
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Give the text without a line end at its end."""
        return "\n".join(line.text for line in self.lines)

    @property
    def where(self) -> Location:
        """Locate the first line."""
        return self.lines[0].where


@dataclass(frozen=True)
class Code:
    """A code cell.

    Parameters
    ----------
    source
        The code that runs, without option lines and indentation.
    options
        The parsed ``#|`` lines.
    option_lines
        These lines as they stand.
    where
        The first line of ``source``; a traceback's line k is k - 1 further down.
    fence
        The line with the options' or the cell's beginning, for messages about the cell.
    indent
        White space before the fence, for cells in lists.
    metadata, outputs, execution_count, id
        What a notebook has saved.
    """

    source: str
    options: Mapping[str, Any]
    option_lines: tuple[Line, ...]
    where: Location
    fence: Location
    indent: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    outputs: tuple[Mapping[str, Any], ...] = ()
    execution_count: int | None = None
    id: str | None = None


Block = Raw | Markdown | Code
Warnings = list[tuple[Location, str]]


def split(lines: Sequence[Line], warnings: Warnings) -> tuple[Block, ...]:
    """Split an expanded document; what is odd but harmless is added to ``warnings``.

    Raises
    ------
    DocumentError
        A cell is in a language other than Python, or its options are not YAML.
    """
    blocks: list[Block] = []
    position = front_matter_end(lines)
    if position:
        start = next(i for i, line in enumerate(lines) if line.text.strip())
        text = "\n".join(line.text for line in lines[start:position])
        blocks.append(Raw(text, lines[start].where))
    pending: list[Line] = []
    while position < len(lines):
        opening = _python_cell(lines[position])
        if opening is None:
            end = _fence_end(lines, position) or position
            pending += lines[position : end + 1]
            position = end + 1
            continue
        end = _closing(lines, position, opening)
        if end == len(lines):
            warnings.append((lines[position].where, "this code cell is never closed"))
            pending += lines[position + 1 :]
        else:
            blocks += _markdown(pending)
            blocks += _code(lines[position + 1 : end], lines[position], opening, warnings)
            pending = []
        position = end + 1
    return (*blocks, *_markdown(pending))


def front_matter_end(lines: Sequence[Line]) -> int:
    """Give the index of the line after the front matter; 0 where there is none."""
    start = next((i for i, line in enumerate(lines) if line.text.strip()), None)
    if start is None or not _YAML.match(lines[start].text):
        return 0
    if start + 1 == len(lines) or not lines[start + 1].text.strip():
        return 0  # a horizontal rule
    for index in range(start + 1, len(lines)):
        if _YAML_END.match(lines[index].text):
            return index + 1
    return 0


def _python_cell(line: Line) -> re.Match[str] | None:
    match = _CELL.match(line.text)
    if match is None or match[3] in PASSED_THROUGH:
        return None
    if match[3] != "python":
        raise DocumentError(
            f"this cell is in `{match[3]}`, and only Python cells are executed",
            line.where,
            f"write it in Python, or show it unexecuted as ```{{.{match[3].lower()}}}",
        )
    return match


def cell_end(lines: Sequence[Line], start: int) -> int:
    """Give the index of the line that closes the cell which ``start`` opens."""
    opening = _python_cell(lines[start])
    assert opening is not None
    return _closing(lines, start, opening)


def _closing(lines: Sequence[Line], start: int, opening: re.Match[str]) -> int:
    closing = re.compile(rf"^{opening[1]}{opening[2]}\s*$")
    for index in range(start + 1, len(lines)):
        if closing.match(lines[index].text):
            return index
    return len(lines)


def _fence_end(lines: Sequence[Line], start: int) -> int | None:
    """Find the end of a block that is only shown, if a closed one begins at ``start``.

    Quarto takes no notice of such blocks when it looks for cells, so that a cell inside an
    unclosed block runs. A cell with fewer backticks than its closed surroundings is only shown.
    """
    opening = _FENCE.match(lines[start].text)
    if opening is None or ("`" in opening[2] and opening[1][0] == "`"):
        return None
    mark, count = opening[1][0], len(opening[1])
    closing = re.compile(rf"^\s*{mark}{{{count},}}\s*$")
    for index in range(start + 1, len(lines)):
        text = lines[index].text
        if closing.match(text):
            return index
        cell = _CELL.match(text)
        if cell and mark == "`" and len(cell[2]) >= count and cell[3] == "python":
            return None
    return None


def trimmed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leave out empty lines at both ends."""
    full = [index for index, line in enumerate(lines) if line.text.strip()]
    return tuple(lines[full[0] : full[-1] + 1]) if full else ()


def _markdown(lines: Sequence[Line]) -> list[Block]:
    kept = trimmed(lines)
    return [Markdown(kept)] if kept else []


def _code(
    lines: Sequence[Line], fence: Line, opening: re.Match[str], warnings: Warnings
) -> list[Block]:
    if (opening[4] or "").strip(" ,"):
        warnings.append(
            (fence.where, f"`{opening[4].strip(' ,')}` in the braces has no effect; use `#|` lines")
        )
    kept = trimmed([Line(line.text.removeprefix(opening[1]), line.where) for line in lines])
    return [code_cell(kept, fence.where, opening[1])] if kept else []


def code_cell(lines: Sequence[Line], fence: Location, indent: str = "") -> Code:
    """Part a cell's lines into options and code.

    Raises
    ------
    DocumentError
        The options are not a YAML mapping.
    """
    count = next((i for i, line in enumerate(lines) if not _OPTION.match(line.text)), len(lines))
    head, body = lines[:count], lines[count:]
    return Code(
        source="\n".join(line.text for line in body),
        options=_options(head),
        option_lines=tuple(head),
        where=body[0].where if body else fence,
        fence=fence,
        indent=indent,
    )


def _options(head: Sequence[Line]) -> dict[str, Any]:
    if not head:
        return {}
    text = "\n".join(_OPTION.sub("", line.text, count=1) for line in head)
    try:
        value = parse_yaml(text, head[0].where.path).value
    except ProjectError as error:
        line = (error.where.line if error.where else None) or 1
        where = head[min(line, len(head)) - 1].where
        raise DocumentError(f"in the cell's options, {error.what}", where, error.hint) from None
    if not isinstance(value, dict):
        raise DocumentError(
            "the cell's options are not keys with values",
            head[0].where,
            "write them as `#| key: value`",
        )
    return {str(key): item for key, item in value.items()}
