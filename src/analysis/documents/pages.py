"""From a document and its executed result to a page that a renderer can take."""

from __future__ import annotations

from pathlib import PurePosixPath

from analysis.documents.document import Document
from analysis.documents.freeze import Frozen, frozen_figures, write_frozen
from analysis.documents.page import Page
from analysis.project import Project


def to_page(project: Project, document: Document, frozen: Frozen | None) -> Page:
    """Make the page; without a result, of the document as it stands.

    A result counts only for a document that is to be executed. Cells of others are shown with
    what their notebook has saved; that is written to the freeze, where Quarto looks for it.
    """
    if not document.has_code:
        frozen = _as_saved(project, document)
    if frozen is None:
        return Page(document.source, document.expanded, document.metadata)
    folder = PurePosixPath(document.source).parent
    figures = frozen_figures(project, document.source)
    return Page(
        source=document.source,
        markdown=frozen.markdown,
        metadata=document.metadata,
        figures={str(folder / name): path for name, path in figures.items()},
        head=frozen.head,
    )


def _as_saved(project: Project, document: Document) -> Frozen | None:
    if not (document.has_cells or document.source.endswith(".ipynb")):
        return None
    from analysis.documents.markdown import frozen
    from analysis.documents.notebook import to_notebook

    saved = frozen(document, to_notebook(document))
    write_frozen(project, document, saved)
    return saved
