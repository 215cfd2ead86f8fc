"""Run the stale pages of a project beside each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from analysis.documents.document import Document
from analysis.documents.events import Event, PageDone, PageFailed, PageStarted, RunPlanned
from analysis.documents.failures import forget_failure, read_failure
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.freeze import drop_stand_in
from analysis.documents.history import LastRun, write_history
from analysis.documents.imports import ImportScanner, imports_of
from analysis.documents.kernels import KernelServer
from analysis.documents.kernels.preload import modules_to_preload
from analysis.documents.outcomes import Ending, Outcome, RunOptions, RunResult
from analysis.documents.pagejob import StalePage, run_page
from analysis.documents.plan import estimate, longest_first
from analysis.documents.staleness import FORCED, known_inputs, stale_reasons
from analysis.lineage import Reason
from analysis.project import Project

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
    stale: dict[str, StalePage] = {}
    scanner = ImportScanner(project)
    for document in documents:
        if reasons := _reasons(document, options, now):
            imports = imports_of(document, scanner)
            inputs = known_inputs(document, now)
            stale[document.source] = StalePage(document, reasons, imports, inputs)
        elif read_failure(project, document.source):  # what made it fail was undone
            forget_failure(project, document.source)
            drop_stand_in(project, document)
    if stale:
        durations = {page: last.seconds for page, last in now.history.items()}
        order = longest_first(stale, durations)
        report(RunPlanned(order, estimate(order, durations, min(options.jobs, len(order)))))
        _run_all(now, [stale[s] for s in order], options, report, outcomes)
    now.files.save()
    return RunResult(tuple(outcomes.values()))


def _reasons(document: Document, options: RunOptions, now: Fingerprints) -> tuple[Reason, ...]:
    if not document.has_code:
        return ()
    found = stale_reasons(now, document.source)
    return found or ((Reason(FORCED, document.source),) if options.force else ())


def _run_all(
    now: Fingerprints,
    pages: Sequence[StalePage],
    options: RunOptions,
    report: Callable[[Event], None],
    outcomes: dict[str, Outcome],
) -> None:
    """Run ``pages`` in this order and put what becomes of them into ``outcomes``."""
    modules = modules_to_preload(page.imports for page in pages) if options.preload else None
    news: SimpleQueue[PageStarted | Outcome] = SimpleQueue()
    history = dict(now.history)
    with (
        KernelServer(modules, now.project.root) as server,
        ThreadPoolExecutor(options.jobs) as pool,
    ):

        def work(page: StalePage) -> None:
            news.put(PageStarted(page.document.source))
            news.put(run_page(page, server, now, options))

        try:
            for page in pages:
                pool.submit(work, page)
            remaining = len(pages)
            while remaining:
                item = news.get()
                if isinstance(item, Outcome):
                    remaining -= 1
                    outcomes[item.source] = item
                    if item.state is Ending.RAN:
                        history[item.source] = LastRun(round(item.seconds, 3), time.time())
                        write_history(now.project, history)
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
