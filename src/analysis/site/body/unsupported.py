"""What a document's own front matter asks of its content, and only Quarto can do."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.documents.page import Page
from analysis.errors import Location, ProjectError
from analysis.project.yamlfile import parse_yaml
from analysis.site.body.known import without_effect
from analysis.site.body.source import front_matter


def unsupported(page: Page) -> Iterator[tuple[Location, str]]:
    """Give a warning for each key that has no effect here, with its line."""
    text = front_matter(page.markdown)
    try:
        found = parse_yaml(text, page.source, first_line=2)
    except ProjectError:
        # Whoever read the document has told of it already.
        return
    for path, what in without_effect(found.value):
        yield found.where(*path), what
