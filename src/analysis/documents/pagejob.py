"""The work on one stale page: execute it, and keep its result or its failure."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass

from analysis.documents.document import Document
from analysis.documents.failures import forget_failure, log_file, remember_failure
from analysis.documents.freeze import write_frozen
from analysis.documents.imports import Imports
from analysis.documents.kernels import KernelServer
from analysis.documents.outcomes import Ending, Outcome, RunOptions
from analysis.documents.setup import setup_code
from analysis.documents.staleness import write_inputs
from analysis.errors import AnalysisError, CellError
from analysis.lineage import Input, Reason
from analysis.project import Project


@dataclass(frozen=True)
class StalePage:
    """A page that will run: why, and what it depends on at this moment."""

    document: Document
    reasons: tuple[Reason, ...]
    imports: Imports
    inputs: tuple[Input, ...]


def run_page(
    project: Project, page: StalePage, server: KernelServer, options: RunOptions
) -> Outcome:
    """Execute ``page`` and freeze its result; never raises, a failure is an outcome."""
    source = page.document.source
    start = time.perf_counter()
    try:
        _execute(project, page, server, options)
    except Exception as raised:
        seconds = time.perf_counter() - start
        if server.closed:  # interrupted: not the page's fault, and nothing to remember
            return Outcome(source, Ending.FAILED, seconds, page.reasons)
        error = _as_error(project, source, raised)
        text = raised.traceback if isinstance(raised, CellError) else ""
        remember_failure(project, source, error, text or traceback.format_exc(), page.inputs)
        return Outcome(source, Ending.FAILED, seconds, page.reasons, error)
    return Outcome(source, Ending.RAN, time.perf_counter() - start, page.reasons)


def _execute(project: Project, page: StalePage, server: KernelServer, options: RunOptions) -> None:
    from analysis.documents.execute import execute_notebook
    from analysis.documents.markdown import frozen
    from analysis.documents.notebook import to_notebook

    document = page.document
    timeout = document.execute.timeout
    notebook = execute_notebook(
        to_notebook(document, options.parameters),
        server,
        source=document.source,
        cwd=(project.root / document.source).parent,
        timeout=options.timeout if timeout is None else timeout,
        setup=setup_code(document),
        environment=_environment(project, document),
    )
    write_frozen(project, document, frozen(document, notebook))
    write_inputs(project, document.source, page.inputs)
    forget_failure(project, document.source)


def _environment(project: Project, document: Document) -> dict[str, str]:
    """Give the variables that Quarto sets for the code of a page."""
    path = project.root / document.source
    execute = document.execute
    retina = execute.fig_format == "retina"
    return {
        "QUARTO_PROJECT_ROOT": str(project.root),
        "QUARTO_DOCUMENT_PATH": str(path.parent),
        "QUARTO_DOCUMENT_FILE": path.name,
        "QUARTO_FIG_WIDTH": f"{execute.fig_width:g}",
        "QUARTO_FIG_HEIGHT": f"{execute.fig_height:g}",
        "QUARTO_FIG_DPI": str(execute.fig_dpi * 2 if retina else execute.fig_dpi),
        "QUARTO_FIG_FORMAT": "png" if retina else execute.fig_format,
    }


def _as_error(project: Project, source: str, raised: Exception) -> AnalysisError:
    if isinstance(raised, AnalysisError):
        return raised
    log = log_file(project, source).relative_to(project.root)
    return AnalysisError(
        f"{source} could not be run: {type(raised).__name__}: {raised}",
        hint=f"this is not the page's fault; the traceback is in {log}",
    )
