"""Run the stale pages of a project, those that read the graph of the others after these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from analysis.documents.crew import Crew
from analysis.documents.document import Document
from analysis.documents.events import Event, RunPlanned
from analysis.documents.failures import forget_failure, read_failure
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.freeze import drop_stand_in
from analysis.documents.graph import Graph, reads_inputs
from analysis.documents.imports import ImportScanner, imports_of
from analysis.documents.kernels import KernelServer
from analysis.documents.kernels.preload import modules_to_preload
from analysis.documents.outcomes import Ending, Outcome, RunOptions, RunResult
from analysis.documents.pagejob import StalePage
from analysis.documents.plan import estimate, longest_first
from analysis.documents.staleness import FORCED, known_inputs, stale_reasons
from analysis.lineage import Reason
from analysis.lineage.system import INPUTS
from analysis.project import Project

__all__ = ["Ending", "Outcome", "RunOptions", "RunResult", "run"]

# After the first: a page that reads the graph runs again where one that ran beside it turned out to
# be in it.
_MOST_WAVES = 3


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
    return _Run(project, documents, options, report).run()


class _Run:
    def __init__(
        self,
        project: Project,
        documents: Sequence[Document],
        options: RunOptions,
        report: Callable[[Event], None],
    ) -> None:
        self._project = project
        self._documents = documents
        self._options = options
        self._report = report
        self._now = Fingerprints(project, options.parameters, Graph(project, documents))
        self._scanner = ImportScanner(project)
        self._outcomes = {d.source: Outcome(d.source, Ending.FRESH) for d in documents}

    def run(self) -> RunResult:
        """Run one wave after another, until none has anything to do."""
        late = {d.source: d for d in self._documents if _names_graph(d) or self._reads_graph(d)}
        early = [d for d in self._documents if d.source not in late]

        def kernels(first: Sequence[StalePage]) -> KernelServer:
            if not self._options.preload:
                return KernelServer(None, self._project.root)
            imports = [page.imports for page in first]
            imports += [imports_of(document, self._scanner) for document in late.values()]
            return KernelServer(modules_to_preload(imports), self._project.root)

        force, waiting = self._options.force, set(late)
        with Crew(self._options, self._report, kernels) as crew:
            self._wave(crew, early, force)
            for _ in range(_MOST_WAVES):
                wave = [d for d in self._documents if d.source in waiting or self._reads_graph(d)]
                if not self._wave(crew, wave, force):
                    break
                force, waiting = False, set()
        self._finish()
        return RunResult(tuple(self._outcomes.values()))

    def _wave(self, crew: Crew, documents: Sequence[Document], force: bool) -> bool:
        """Run those of ``documents`` that are stale by now, and say whether there were any."""
        stale = {page.document.source: page for page in self._stale(documents, force)}
        if not stale:
            return False
        now = self._now
        now.graph.write()
        now.runs.look()
        now.models.look()
        now.predictions.look()
        durations = {page: last.seconds for page, last in now.history.items()}
        order = longest_first(stale, durations)
        jobs = min(self._options.jobs, len(order))
        self._report(RunPlanned(order, estimate(order, durations, jobs)))
        for outcome in crew.run([stale[source] for source in order], now):
            self._outcomes[outcome.source] = _joined(self._outcomes[outcome.source], outcome)
        self._now = now.again(Graph(self._project, self._documents))
        return True

    def _stale(self, documents: Sequence[Document], force: bool) -> Iterator[StalePage]:
        for document in documents:
            outcome = self._outcomes[document.source]
            if outcome.state is Ending.FAILED:  # in an earlier wave
                continue
            if reasons := self._reasons(document, force and outcome.state is Ending.FRESH):
                imports = imports_of(document, self._scanner)
                yield StalePage(document, reasons, imports, known_inputs(document, self._now))
            elif read_failure(self._project, document.source):  # what made it fail was undone
                forget_failure(self._project, document.source)
                drop_stand_in(self._project, document)

    def _reasons(self, document: Document, force: bool) -> tuple[Reason, ...]:
        if not document.has_code:
            return ()
        found = stale_reasons(self._now, document.source)
        return found or ((Reason(FORCED, document.source),) if force else ())

    def _reads_graph(self, document: Document) -> bool:
        return reads_inputs(self._now.graph.last.get(document.source, {}))

    def _finish(self) -> None:
        """Leave the graph as it is now to whoever asks for it before the next run."""
        has_run = any(o.state is not Ending.FRESH for o in self._outcomes.values())
        if has_run or len(self._documents) == len(self._project.documents):
            self._now.graph.write()
        self._now.files.save()


def _names_graph(document: Document) -> bool:
    """Guess whether a page will read the graph: it need not have run yet."""
    return document.has_code and INPUTS in document.expanded


def _joined(before: Outcome, outcome: Outcome) -> Outcome:
    """Count the runs of a page in several waves as one."""
    if before.state is not Ending.RAN:
        return outcome
    return replace(outcome, seconds=before.seconds + outcome.seconds, reasons=before.reasons)
