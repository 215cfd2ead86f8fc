"""From a document and its executed result to a page that a renderer can take."""

from __future__ import annotations

from pathlib import PurePosixPath

from analysis.documents.document import Document
from analysis.documents.freeze import Frozen, frozen_figures, read_frozen, write_frozen
from analysis.documents.page import Page
from analysis.project import Project


def to_page(project: Project, document: Document, frozen: Frozen | None) -> Page:
    """Make the page; without a result, of the document as it stands.

    A document whose cells are not to be executed shows them with the results that it has saved.
    """
    if frozen is None and document.has_cells and not document.has_code:
        from analysis.documents.markdown import frozen as freeze
        from analysis.documents.notebook import to_notebook

        frozen = freeze(document, to_notebook(document))
        write_frozen(project, document, frozen)
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


__all__ = ["read_frozen", "to_page"]
