"""A document whose name begins with ``_`` and that makes a page of each row of a query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from analysis.documents import cells
from analysis.documents.cells import Code
from analysis.documents.declared import FOR_EACH, KEY, declared
from analysis.documents.includes import Line, lines_of
from analysis.documents.metadata import front_matter
from analysis.errors import DocumentError, Location
from analysis.files import digest
from analysis.lineage.system import BY_MODEL, ON_RUNS
from analysis.project import Project
from analysis.project.project import read_text

_TAG = "parameters"


@dataclass(frozen=True)
class Entry:
    """The part of a template's text that declares the query: ``start`` to ``end``.

    ``others`` is what else stands below ``analysis:``.
    """

    start: int
    end: int
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A document that makes pages.

    Parameters
    ----------
    source
        Its path, POSIX, relative to the project root.
    text
        Its content, with LF line ends.
    query, where
        The SQL, and the place of its first line.
    front
        Where in ``text`` the front matter lies, without its ``---`` lines.
    entry
        What stands there below ``analysis:``.
    cell, cell_end
        The cell tagged ``parameters``, and where in ``text`` the line after it begins.
    """

    source: str
    text: str
    query: str
    where: Location
    front: tuple[int, int]
    entry: Entry
    cell: Code
    cell_end: int

    @property
    def folder(self) -> str:
        """Give the folder in which its pages lie, with ``/`` at its end; empty for the root."""
        return self.source[: self.source.rfind("/") + 1]

    @property
    def fingerprint(self) -> str:
        """Fingerprint what its pages have of it: everything but the query."""
        before, after = self.text[: self.entry.start], self.text[self.entry.end :]
        return digest(repr((before, after, dict(self.entry.others))).encode())[:12]

    @property
    def is_on_runs(self) -> bool:
        """Say whether its rows come with runs or models, and not with an ingest."""
        live = (*ON_RUNS, *BY_MODEL)
        return any(re.search(rf"\b{name}\b", self.query, re.IGNORECASE) for name in live)

    def line_of(self, offset: int) -> Location:
        """Locate a character of the text."""
        return Location(self.source, self.text.count("\n", 0, offset) + 1)


def find_templates(project: Project) -> tuple[Template, ...]:
    """Read the documents of the project that make pages.

    Raises
    ------
    DocumentError
        One cannot be read, or has no cell for parameters.
    """
    sources = (source for source in project.hidden_documents if source.endswith(".qmd"))
    found = (read_template(project, source) for source in sources)
    return tuple(template for template in found if template)


def read_template(project: Project, source: str) -> Template | None:
    """Read the document at ``source``; ``None`` where it makes no pages.

    Raises
    ------
    DocumentError
        Its front matter is wrong, or it has no cell for parameters.
    """
    text = read_text(project.root / source, source)
    if f"{FOR_EACH}:" not in text:
        return None
    lines = lines_of(text, source)
    end = cells.front_matter_end(lines)
    if not end:
        return None
    start = next(i for i, line in enumerate(lines) if line.text.strip())
    raw = "\n".join(line.text for line in lines[start:end])
    front = front_matter(raw, lines[start].where)
    said = declared(project, source, front.value or {}, front, ())
    if said.for_each is None:
        return None
    inner = (_offset(lines, start + 1), _offset(lines, end - 1))
    entry, in_next_line = _entry(text, inner, lines[start].where)
    where = front.where(KEY, FOR_EACH)
    cell, after = _parameters(lines, source)
    return Template(
        source=source,
        text=text,
        query=said.for_each,
        where=Location(source, (where.line or 1) + in_next_line),
        front=inner,
        entry=entry,
        cell=cell,
        cell_end=min(_offset(lines, after), len(text)),
    )


def _offset(lines: list[Line], index: int) -> int:
    return sum(len(line.text) + 1 for line in lines[:index])


def _entry(text: str, inner: tuple[int, int], where: Location) -> tuple[Entry, bool]:
    """Find the entry ``analysis``, and say whether its query begins in the line after the key."""
    start, end = inner
    top = yaml.compose(text[start:end], Loader=yaml.SafeLoader)
    if not isinstance(top, yaml.MappingNode) or top.flow_style:
        raise DocumentError(
            "the front matter of a document that makes pages is not one key a line",
            where,
            "write it as lines of `key: value`",
        )
    key, value = next((k, v) for k, v in top.value if k.value == KEY)
    first, last = start + key.start_mark.index, start + value.end_mark.index
    if text[last - 1] != "\n":  # what follows in this line is a comment
        last = text.index("\n", last) + 1
    query = next(v for k, v in value.value if k.value == FOR_EACH)
    known = yaml.safe_load(text[first:last])[KEY]
    others = {name: item for name, item in known.items() if name != FOR_EACH}
    return Entry(first, last, others), query.style in ("|", ">")


def _parameters(lines: list[Line], source: str) -> tuple[Code, int]:
    """Find the cell tagged ``parameters``, and the index of the line after it."""
    for block in cells.split(lines, []):
        if isinstance(block, Code) and _TAG in tags_of(block):
            opening = (block.fence.line or 1) - 1
            return block, cells.cell_end(lines, opening) + 1
    raise DocumentError(
        "a document that makes pages takes each row as parameters, and no cell is tagged for them",
        Location(source, 1),
        "write `#| tags: [parameters]` into the cell that sets their defaults",
    )


def tags_of(cell: Code) -> list[str]:
    """List the tags of a cell."""
    tags = cell.options.get("tags", [])
    return [str(tag) for tag in tags] if isinstance(tags, list) else [str(tags)]
