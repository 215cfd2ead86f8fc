"""From an executed notebook to the Markdown that Quarto would have written for it."""

from analysis.documents.freeze import Frozen
from analysis.documents.markdown.page import frozen

__all__ = ["Frozen", "frozen"]
