"""Jupyter notebooks as documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from analysis.documents.cells import Block, Code, Markdown, Raw, code_cell, trimmed
from analysis.documents.includes import Line
from analysis.errors import DocumentError, Location

# Quotes inside a JSON string are escaped, so this finds keys only.
_CELL_KEY = re.compile(r'(?<!\\)"cell_type"\s*:')
_FRONT_MATTER = re.compile(r"\A\s*(---\s*\n\s*\S.*?\n---\s*)(?:\n|\Z)", re.DOTALL)


def blocks(text: str, source: str) -> tuple[Block, ...]:
    """Read the cells of the notebook ``text``; locations are those of the cells' beginnings.

    Raises
    ------
    DocumentError
        This is not a notebook of format 4 in a language called Python.
    """
    cells = _notebook(text, source).get("cells")
    if not isinstance(cells, list):
        raise DocumentError(
            "this notebook has no cells", Location(source, 1), "save it in notebook format 4"
        )
    places = [text.count("\n", 0, match.start()) + 1 for match in _CELL_KEY.finditer(text)]
    result: list[Block] = []
    for index, cell in enumerate(cells):
        where = Location(source, places[index] if index < len(places) else 1)
        result += _blocks(cell, where, has_front_matter=any(isinstance(b, Raw) for b in result))
    first = next((block for block in result if isinstance(block, Raw)), None)
    if first is not None and first.text.startswith("---"):
        result.remove(first)
        result.insert(0, first)
    return tuple(result)


def kernel(text: str) -> str | None:
    """Give the kernel that the notebook names."""
    spec = json.loads(text).get("metadata", {}).get("kernelspec", {})
    return str(spec["name"]) if spec.get("name") else None


def _notebook(text: str, source: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"this notebook is not valid JSON: {error.msg}", Location(source, error.lineno)
        ) from None
    if not isinstance(value, dict):
        raise DocumentError("this is not a notebook", Location(source, 1))
    metadata = value.get("metadata") or {}
    language = (metadata.get("kernelspec") or {}).get("language") or (
        metadata.get("language_info") or {}
    ).get("name", "python")
    if str(language).lower() not in ("python", "ipython"):
        raise DocumentError(
            f"this notebook is in `{language}`, and only Python is executed", Location(source, 1)
        )
    return value


def _blocks(cell: Mapping[str, Any], where: Location, *, has_front_matter: bool) -> Iterator[Block]:
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    lines = [Line(line, where) for line in text.rstrip("\n").split("\n")]
    if cell.get("cell_type") == "code":
        yield from _code(cell, lines, where)
        return
    matter = None if has_front_matter else _FRONT_MATTER.match(text)
    if matter:
        yield Raw(matter[1].rstrip(), where)
        lines = [Line(line, where) for line in text[matter.end() :].split("\n")]
    kept = trimmed(lines)
    if not kept:
        return
    if cell.get("cell_type") == "raw":
        yield Raw("\n".join(line.text for line in kept), where, cell.get("metadata") or {})
    else:
        yield Markdown(kept, cell.get("attachments") or {})


def _code(cell: Mapping[str, Any], lines: list[Line], where: Location) -> Iterator[Code]:
    block = code_cell(lines, where)
    if lines == [Line("", where)] and not cell.get("outputs"):
        return
    yield replace(
        block,
        metadata=cell.get("metadata") or {},
        outputs=tuple(cell.get("outputs") or ()),
        execution_count=cell.get("execution_count"),
        id=cell.get("id"),
    )
