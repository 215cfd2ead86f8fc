"""HTML that a cell shows: made of texts that are escaped, and of parts that are HTML already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape


class Html(str):
    """A piece of HTML; as the last value of a cell it is shown."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


class Markdown(str):
    """A piece of Markdown; as the last value of a cell it becomes part of the page."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def text(value: object) -> Html:
    """Escape a text; a piece of HTML stays as it is, and nothing is an empty one."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else escape(str(value)))


def tag(name: str, *content: object, **attributes: object) -> Html:
    """Write an element; ``class_`` is the attribute ``class``, ``aria_label`` ``aria-label``.

    Attributes without a value are left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{written}>{join(content)}</{name}>")


def join(parts: Iterable[object], between: str = "") -> Html:
    """Put parts behind each other; ``between`` is HTML."""
    return Html(between.join(text(part) for part in parts))


def code(content: object, *, whole: bool = False) -> Html:
    """Write a name or a piece of code; a ``whole`` one is not broken over lines.

    Its ground suits light and dark pages alike, also in tables, which know of neither.
    """
    style = "background:#8080801f" + (";white-space:nowrap" if whole else "")
    return tag("code", content, style=style)


def prose(sentence: object) -> Html:
    """Escape a sentence, and write what stands between backticks as code."""
    parts = re.split(r"`([^`\n]+)`", "" if sentence is None else str(sentence))
    return join(code(part) if i % 2 else part for i, part in enumerate(parts))


def link(address: str | None, content: object, **attributes: object) -> Html:
    """Link to a page of the site; without an address it is the content alone."""
    return tag("a", content, href=address, **attributes) if address else text(content)
