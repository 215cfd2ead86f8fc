"""``sitemap.xml`` and ``robots.txt`` for sites that know their own address."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote


def sitemap(url: str, outputs: Iterable[str]) -> str:
    """List the pages at their full addresses.

    No date of change is given: only content says truly when a page changed, not its file.
    """
    lines = (f"  <url><loc>{escape(address(url, output))}</loc></url>" for output in outputs)
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>\n",
        )
    )


def robots(url: str) -> str:
    """Lead robots to the sitemap."""
    return f"Sitemap: {address(url, 'sitemap.xml')}\n"


def address(url: str, output: str) -> str:
    """Give the full address of a file of the site."""
    return url.rstrip("/") + "/" + quote(output)
