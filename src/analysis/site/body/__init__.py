"""The content of a page: from Markdown with results to the HTML of its ``<main>``."""

from analysis.site.body.model import Body, BodyContext, TocEntry
from analysis.site.body.render import render_body

__all__ = ["Body", "BodyContext", "TocEntry", "render_body"]
