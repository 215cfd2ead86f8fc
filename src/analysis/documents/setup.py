"""The code that the executor runs in a kernel before a page's first cell."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from analysis.documents.document import Document


def setup_code(document: Document) -> str:
    """Write the code that sets up figures and charts; run it without storing history."""
    execute = document.execute
    arguments = (
        execute.fig_width,
        execute.fig_height,
        execute.fig_dpi,
        execute.fig_format,
        execute.interactivity,
    )
    return (
        f"(lambda space: (exec({_text()!r}, space), space['configure'](*{arguments!r})) and None)"
        "({'__name__': 'analysis_in_kernel'})"
    )


@cache
def _text() -> str:
    return files("analysis.documents").joinpath("in_kernel.py").read_text("utf-8")
