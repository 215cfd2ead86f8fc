"""Links between the files of the site, always relative, so that it works from any folder."""

from __future__ import annotations


def offset(output: str) -> str:
    """Lead from the page at ``output`` back to the root of the site: ``./`` or ``../../``."""
    return "../" * output.count("/") or "./"


def relative(path: str, output: str) -> str:
    """Link from the page at ``output`` to ``path``, both relative to the root of the site."""
    return offset(output) + escape_path(path)


def escape_path(path: str) -> str:
    """Escape what would end a path in an address; spaces stay, as Quarto leaves them."""
    return path.replace("%", "%25").replace("#", "%23").replace("?", "%3F")
