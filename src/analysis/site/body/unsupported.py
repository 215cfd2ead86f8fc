"""What a document's own front matter asks of its content, and only Quarto can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.documents.page import Page
from analysis.errors import Location, ProjectError
from analysis.project.yamlfile import Key, parse_yaml
from analysis.site.body.source import front_matter

_QUARTO_ONLY = ("filters", "lightbox", "citation", "comments", "tbl-colwidths", "cite-method")


def unsupported(page: Page) -> Iterator[tuple[Location, str]]:
    """Give a warning for each key that has no effect here, with its line."""
    text = front_matter(page.markdown)
    if not any(key in text for key in _QUARTO_ONLY):
        return
    try:
        found = parse_yaml(text, page.source, first_line=2)
    except ProjectError:
        # Whoever read the document has told of it already.
        return
    for path in _paths(found.value):
        if path[-1] in _QUARTO_ONLY:
            yield (
                found.where(*path),
                f"`{path[-1]}` is applied by Quarto only; it has no effect here",
            )


def _paths(value: Any) -> Iterator[tuple[Key, ...]]:
    if not isinstance(value, dict):
        return
    yield from ((str(key),) for key in value)
    formats = value.get("format")
    html = formats.get("html") if isinstance(formats, dict) else None
    if isinstance(html, dict):
        yield from (("format", "html", str(key)) for key in html)
