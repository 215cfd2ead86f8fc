"""The line by which a page tells that it was generated, and from what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import AnalysisError

if TYPE_CHECKING:
    from analysis.documents.generated.template import Template

_MARKER = re.compile(
    r"\s*---\s*\n# generated from (.+\.qmd) \(([0-9a-f]{12})\): edit that instead\n"
)


@dataclass(frozen=True)
class Marker:
    """The template that a page was made from, and its fingerprint at that time."""

    template: str
    fingerprint: str


def marker(template: Template) -> str:
    """Write the line, a comment in the front matter."""
    return f"# generated from {template.source} ({template.fingerprint}): edit that instead"


def read_marker(text: str) -> Marker | None:
    """Read the line of a page; ``None`` if somebody wrote the page by hand."""
    found = _MARKER.match(text)
    return Marker(found[1], found[2]) if found else None


def with_origin(error: AnalysisError, found: Marker | None) -> AnalysisError:
    """Add to an error in a generated page where it is to be mended."""
    if found:
        origin = f"the page is generated: edit {found.template}"
        error.hint = f"{error.hint}; {origin}" if error.hint else origin
    return error
