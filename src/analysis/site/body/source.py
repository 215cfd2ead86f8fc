"""The text of a page: its front matter, its code, and where something stands in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from analysis.errors import Location
from analysis.site.body.model import BodyContext

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})(.*)$")
# It may go over a line's end, but not over a blank line.
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:[^\n]|\n(?![ \t]*\n))+?(?<!`)\1(?!`)")
_INCLUDE = re.compile(r"\{\{<\s*include\s+[\"']?([^\"'>]+?)[\"']?\s*>\}\}")


def front_matter(text: str) -> str:
    """Give the leading YAML block, without its borders."""
    return (match[1] or "") if (match := _FRONT_MATTER.match(text)) else ""


def without_front_matter(text: str) -> str:
    """Give the text after the leading YAML block."""
    return text[match.end() :] if (match := _FRONT_MATTER.match(text)) else text


def segments(text: str) -> Iterator[tuple[str, bool]]:
    """Split ``text`` into pieces, each with whether it is code; together they are ``text``."""
    for piece, is_code in blocks(text):
        if is_code:
            yield piece, True
            continue
        end = 0
        for match in _INLINE_CODE.finditer(piece):
            yield piece[end : match.start()], False
            yield match[0], True
            end = match.end()
        yield piece[end:], False


def blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Split ``text`` into fenced code and what is between; together they are ``text``."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line.rstrip("\n"))
        if fence:
            lines.append(line)
            if match and match[2].startswith(fence) and not match[3].strip():
                yield "".join(lines), True
                lines, fence = [], ""
        elif match and "`" not in match[3]:
            yield "".join(lines), False
            lines, fence = [line], match[2]
        else:
            lines.append(line)
    yield "".join(lines), bool(fence)


def locate(context: BodyContext, source: str, pattern: str) -> Location:
    """Find the line on which ``pattern`` stands in a document, or in what it includes.

    Where it stands in neither, such as in the output of a cell, the document itself is given.
    """
    return _find(context.root, source, re.compile(pattern), frozenset()) or Location(source)


def _find(
    root: Path, source: str, pattern: re.Pattern[str], seen: frozenset[str]
) -> Location | None:
    try:
        text = (root / source).read_text("utf-8", errors="replace")
    except OSError:
        return None
    if match := pattern.search(text):
        return Location(source, text.count("\n", 0, match.start()) + 1)
    for name in _INCLUDE.findall(text):
        parent = "" if name.startswith("/") else str(PurePosixPath(source).parent)
        included = (PurePosixPath(parent) / name.lstrip("/")).as_posix()
        if included in seen or ".." in PurePosixPath(included).parts:
            continue
        if found := _find(root, included, pattern, seen | {included}):
            return found
    return None
