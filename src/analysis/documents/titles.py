"""A document without a title takes its first heading, if that comes before other Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from analysis.documents.cells import Block, Markdown, Raw, trimmed
from analysis.documents.includes import Line

_ATX = re.compile(r"^#+\s+(.*?)\s*(?:\{[^{}]*\})?\s*$")
_UNDERLINE = re.compile(r"^(=+|-+)\s*$")


def with_title(
    blocks: tuple[Block, ...], metadata: Mapping[str, Any]
) -> tuple[tuple[Block, ...], dict[str, Any]]:
    """Move the first heading into the front matter, as Quarto does for documents with cells."""
    index = next((i for i, block in enumerate(blocks) if isinstance(block, Markdown)), None)
    first = blocks[index] if index is not None else None
    front = blocks[0] if blocks and isinstance(blocks[0], Raw) else None
    if index is None or not isinstance(first, Markdown) or _own_title(front):
        return blocks, dict(metadata)
    title, count = _heading(first.lines)
    if not title:
        return blocks, dict(metadata)
    rest = trimmed(first.lines[count:])
    shortened = [replace(first, lines=rest)] if rest else []
    changed = [*blocks[:index], *shortened, *blocks[index + 1 :]]
    line = yaml.safe_dump({"title": title}, allow_unicode=True, width=10_000).rstrip("\n")
    if front:
        changed[0] = replace(front, text=front.text.replace("\n", f"\n{line}\n", 1))
    else:
        changed.insert(0, Raw(f"---\n{line}\n---", first.where))
    return tuple(changed), {**metadata, "title": title}


def _own_title(front: Raw | None) -> bool:
    return front is not None and re.search(r"^title\s*:", front.text, re.MULTILINE) is not None


def _heading(lines: tuple[Line, ...]) -> tuple[str, int]:
    """Give the text of a heading that the lines begin with, and how many lines it takes."""
    if match := _ATX.match(lines[0].text):
        return match[1], 1
    if len(lines) > 1 and lines[0].text.strip() and _UNDERLINE.match(lines[1].text):
        return lines[0].text.strip(), 2
    return "", 0
