"""Options of a page: its HTML format's own, else its general ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def html_option(metadata: Mapping[str, Any], key: str, default: Any = None) -> Any:
    """Read ``format: html: KEY``, else ``KEY``, of a page's merged metadata."""
    formats = metadata.get("format")
    html = formats.get("html") if isinstance(formats, dict) else None
    if isinstance(html, dict) and key in html:
        return html[key]
    return metadata.get(key, default)
