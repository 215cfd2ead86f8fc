"""Run the stale pages of a project beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from analysis.documents.document import Document
from analysis.documents.events import Event, PageDone, PageFailed, PageStarted, RunPlanned
from analysis.documents.failures import remember_failure
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.imports import ImportScanner
from analysis.documents.kernels import KernelServer
from analysis.documents.kernels.preload import modules_to_preload
from analysis.documents.outcomes import Ending, Outcome, RunOptions, RunResult
from analysis.documents.pagejob import StalePage, run_page
from analysis.documents.plan import estimate, longest_first, read_durations, write_durations
from analysis.documents.staleness import imports_of, inputs_of, stale_reasons
from analysis.errors import AnalysisError
from analysis.lineage import Reason
from analysis.project import Project

FORCED = "forced"

__all__ = ["Ending", "Outcome", "RunOptions", "RunResult", "run"]


def run(
    project: Project,
    documents: Sequence[Document],
    options: RunOptions,
    report: Callable[[Event], None],
) -> RunResult:
    """Run those of ``documents`` that are stale; ``report`` is called from this thread only.

    A page that fails stops no other, keeps its last good result, and is stale the next time. An
    interrupt kills all kernels; what was finished is kept.
    """
    outcomes = {d.source: Outcome(d.source, Ending.FRESH) for d in documents}
    now = Fingerprints(project, options.parameters)
    scanner = ImportScanner(project)
    stale: dict[str, StalePage] = {}
    for document in documents:
        looked_at = _look_at(document, options, now, scanner)
        if isinstance(looked_at, StalePage):
            stale[document.source] = looked_at
        elif looked_at is not None:
            outcomes[document.source] = looked_at
            report(_event(looked_at))
    if stale:
        remembered = project.work_dir / "durations.json"
        durations = read_durations(remembered)
        order = longest_first(stale, durations)
        report(RunPlanned(order, estimate(order, durations, min(options.jobs, len(order)))))
        try:
            _run_all(project, [stale[s] for s in order], options, report, outcomes)
        finally:
            ran = {o.source: o.seconds for o in outcomes.values() if o.state is Ending.RAN}
            write_durations(remembered, {**durations, **ran})
    return RunResult(tuple(outcomes.values()))


def _look_at(
    document: Document, options: RunOptions, now: Fingerprints, scanner: ImportScanner
) -> StalePage | Outcome | None:
    """Say what is to be done for a page: run it, nothing, or give it up at once."""
    reasons = stale_reasons(now.project, document, now)
    if options.force and document.has_code and not reasons:
        reasons = (Reason(FORCED, document.source, None, None),)
    if not reasons:
        return None
    try:
        imports = imports_of(document, scanner)
        return StalePage(document, reasons, imports, inputs_of(document, imports, now))
    except AnalysisError as error:
        remember_failure(now.project, document.source, error, "", ())
        return Outcome(document.source, Ending.FAILED, 0.0, reasons, error)


def _run_all(
    project: Project,
    pages: Sequence[StalePage],
    options: RunOptions,
    report: Callable[[Event], None],
    outcomes: dict[str, Outcome],
) -> None:
    """Run ``pages`` in this order and put what becomes of them into ``outcomes``."""
    modules = modules_to_preload(page.imports for page in pages) if options.preload else None
    news: SimpleQueue[PageStarted | Outcome] = SimpleQueue()
    with KernelServer(modules) as server, ThreadPoolExecutor(options.jobs) as pool:

        def work(page: StalePage) -> None:
            news.put(PageStarted(page.document.source))
            news.put(run_page(project, page, server, options))

        try:
            for page in pages:
                pool.submit(work, page)
            remaining = len(pages)
            while remaining:
                item = news.get()
                if isinstance(item, Outcome):
                    remaining -= 1
                    outcomes[item.source] = item
                    report(_event(item))
                else:
                    report(item)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            server.close()  # kernels die, and so the threads that wait for them end
            raise


def _event(outcome: Outcome) -> PageDone | PageFailed:
    if outcome.error:
        return PageFailed(outcome.source, outcome.seconds, outcome.error)
    return PageDone(outcome.source, outcome.seconds)
