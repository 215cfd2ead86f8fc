"""The kernels and threads that run pages beside each other, kept from one wave to the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from queue import SimpleQueue
from types import TracebackType

from analysis.documents.events import Event, PageDone, PageFailed, PageStarted
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.history import LastRun, write_history
from analysis.documents.kernels import KernelServer
from analysis.documents.outcomes import Ending, Outcome, RunOptions
from analysis.documents.pagejob import StalePage, run_page


class Crew:
    """What runs pages; nothing is started before the first ones come.

    ``kernels`` gives the server for the first pages and all later ones. ``report`` is called from
    the thread that asks for the work.
    """

    def __init__(
        self,
        options: RunOptions,
        report: Callable[[Event], None],
        kernels: Callable[[Sequence[StalePage]], AbstractContextManager[KernelServer]],
    ) -> None:
        self._options = options
        self._report = report
        self._kernels = kernels
        self._stack = ExitStack()
        self._started: tuple[KernelServer, ThreadPoolExecutor] | None = None

    def __enter__(self) -> Crew:
        """Wait for work."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all kernels; after an interrupt at once."""
        if self._started and error:
            server, pool = self._started
            pool.shutdown(wait=False, cancel_futures=True)
            server.close()  # kernels die, and so the threads that wait for them end
        self._stack.close()

    def run(self, pages: Sequence[StalePage], now: Fingerprints) -> Iterator[Outcome]:
        """Run ``pages``, started in this order, and give what becomes of each when it is done."""
        server, pool = self._start(pages)
        news: SimpleQueue[PageStarted | Outcome] = SimpleQueue()
        history = dict(now.history)

        def work(page: StalePage) -> None:
            news.put(PageStarted(page.document.source))
            news.put(run_page(page, server, now, self._options))

        for page in pages:
            pool.submit(work, page)
        remaining = len(pages)
        while remaining:
            item = news.get()
            if isinstance(item, PageStarted):
                self._report(item)
                continue
            remaining -= 1
            if item.state is Ending.RAN:
                history[item.source] = LastRun(round(item.seconds, 3), time.time())
                write_history(now.project, history)
            yield item
            self._report(_event(item))

    def _start(self, pages: Sequence[StalePage]) -> tuple[KernelServer, ThreadPoolExecutor]:
        if self._started is None:
            server = self._stack.enter_context(self._kernels(pages))
            pool = self._stack.enter_context(ThreadPoolExecutor(self._options.jobs))
            self._started = server, pool
        return self._started


def _event(outcome: Outcome) -> PageDone | PageFailed:
    if outcome.error:
        return PageFailed(outcome.source, outcome.seconds, outcome.error)
    return PageDone(outcome.source, outcome.seconds)
