"""The work on one stale page: execute it, and keep its result or its failure."""

from __future__ import annotations

import json
import time
import traceback
from dataclasses import dataclass

from analysis.documents.document import Document
from analysis.documents.failures import forget_failure, log_file, remember_failure
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.freeze import write_frozen
from analysis.documents.generated.marker import read_marker, with_origin
from analysis.documents.imports import Imports
from analysis.documents.inputsfile import write_inputs
from analysis.documents.kernels import KernelServer
from analysis.documents.observed import joined, observed
from analysis.documents.outcomes import Ending, Outcome, RunOptions
from analysis.documents.setup import kernel_code
from analysis.documents.staleness import FAILED, FORCED
from analysis.errors import AnalysisError, CellError
from analysis.lineage import Inputs, Reason
from analysis.project import Project
from analysis.project.project import SNAPSHOT


@dataclass(frozen=True)
class StalePage:
    """A page that will run: why, and what is known before the run that it depends on."""

    document: Document
    reasons: tuple[Reason, ...]
    imports: Imports
    inputs: Inputs

    @property
    def unprovoked(self) -> bool:
        """Say whether it runs although nothing changed."""
        return all(reason.kind in (FAILED, FORCED) for reason in self.reasons)


def run_page(
    page: StalePage, server: KernelServer, now: Fingerprints, options: RunOptions
) -> Outcome:
    """Execute ``page`` and freeze its result; never raises, a failure is an outcome."""
    project, source = now.project, page.document.source
    start = time.perf_counter()
    try:
        _execute(page, server, now, options)
    except Exception as raised:
        seconds = time.perf_counter() - start
        if server.closed:  # interrupted: not the page's fault, and nothing to remember
            return Outcome(source, Ending.FAILED, seconds, page.reasons)
        error = with_origin(_as_error(project, source, raised), read_marker(page.document.text))
        text = raised.traceback if isinstance(raised, CellError) else ""
        text = text or traceback.format_exc()
        remember_failure(project, source, error, text, unprovoked=page.unprovoked)
        return Outcome(source, Ending.FAILED, seconds, page.reasons, error)
    return Outcome(source, Ending.RAN, time.perf_counter() - start, page.reasons)


def _execute(page: StalePage, server: KernelServer, now: Fingerprints, options: RunOptions) -> None:
    from analysis.documents.execute import execute_notebook
    from analysis.documents.markdown import frozen
    from analysis.documents.notebook import to_notebook

    project, document = now.project, page.document
    code = kernel_code(project, document, server.kernel_path(), options.memory)
    timeout = document.execute.timeout
    notebook = execute_notebook(
        to_notebook(document, options.parameters),
        server,
        source=document.source,
        cwd=(project.root / document.source).parent,
        timeout=options.timeout if timeout is None else timeout,
        memory=options.memory,
        setup=code.before,
        finish=code.after,
        environment=_environment(project, document),
    )
    write_frozen(project, document, frozen(document, notebook))
    found = observed(json.loads(code.record.read_bytes()), now.again(), document.source)
    write_inputs(project, document.source, joined(page.inputs, found))
    forget_failure(project, document.source)


def _environment(project: Project, document: Document) -> dict[str, str]:
    """Give the variables that Quarto sets for the code of a page, and ours."""
    path = project.root / document.source
    execute = document.execute
    retina = execute.fig_format == "retina"
    return {
        # Also where there is none: a page sees what the run sees, and not what the shell says.
        SNAPSHOT: project.snapshot or "",
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
