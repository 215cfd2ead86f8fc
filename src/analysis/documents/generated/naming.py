"""Names of generated pages: safe as files, and different from each other."""

from __future__ import annotations

import re
import unicodedata

from analysis.project.project import NOT_DOCUMENTS

_ODD = re.compile(r"[^\w.-]+")
_LONGEST = 100


def file_name(text: str) -> str:
    """Make a file's name of a value: ``Late flights`` becomes ``Late-flights.qmd``.

    Raises
    ------
    ValueError
        It cannot be one; with the reason.
    """
    text = unicodedata.normalize("NFC", text)
    if "/" in text or "\\" in text or ".." in text:
        raise ValueError("it looks like a path")
    stem = _ODD.sub("-", text).strip("-._")
    if not stem:
        raise ValueError("nothing of it can stand in a file's name")
    if len(stem.encode()) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} bytes")
    if NOT_DOCUMENTS.match(f"{stem}.qmd"):
        raise ValueError("files of this name are no pages in Quarto")
    return f"{stem}.qmd"
