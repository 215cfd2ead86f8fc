"""Reading and executing documents of tiny projects with real kernels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.documents.document import read_document
from analysis.documents.execute import execute_notebook
from analysis.documents.freeze import Frozen
from analysis.documents.kernels import KernelServer
from analysis.documents.markdown import frozen
from analysis.documents.notebook import to_notebook
from analysis.documents.setup import kernel_code
from analysis.project import Project


def execute(
    project: Project,
    source: str,
    kernels: KernelServer,
    parameters: Mapping[str, Any] | None = None,
) -> Frozen:
    """Execute a document and write its Markdown."""
    document = read_document(project, source)
    notebook = execute_notebook(
        to_notebook(document, parameters),
        kernels,
        source=source,
        cwd=(project.root / source).parent,
        setup=kernel_code(project, document, kernels.kernel_path(), None).before,
    )
    return frozen(document, notebook)
