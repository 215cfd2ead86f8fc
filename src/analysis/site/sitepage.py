"""A page of the site: what the document became, and its body as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.documents.page import Page
from analysis.site.body import Body


@dataclass(frozen=True)
class SitePage:
    """A page together with its rendered body."""

    page: Page
    body: Body

    @property
    def source(self) -> str:
        """Give the document, relative to the project root."""
        return self.page.source

    @property
    def output(self) -> str:
        """Give the page's path in the site."""
        return self.page.output


@dataclass(frozen=True)
class Site:
    """All pages by their document, in the project's order, and where the project lies."""

    root: Path
    pages: Mapping[str, SitePage]
