"""One thread that predicts; what arrives while it does so is predicted in its next call.

A prediction of one row costs nearly as much as one of a hundred, so that nothing is gained by
predicting requests one by one, and nothing by waiting for more of them.
"""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from analysis.service.answering import Result
from analysis.service.asked import Answered, Asked
from analysis.service.crew import keep_to_one_thread
from analysis.service.limits import Limits
from analysis.service.logged import LogEntry
from analysis.service.refusing import busy

_END = object()
_Waiting = tuple[Asked, "asyncio.Future[Answered]"]
# The thread that predicts hands over to the one that reads and writes after so many seconds.
_SWITCH = 0.0005


class Batcher:
    """Gathers requests; ``answer`` and ``after`` are called in its thread, with a batch each.

    ``after`` follows when a batch was answered. ``note`` writes what is to be logged of requests
    that got no prediction.
    """

    def __init__(
        self,
        limits: Limits,
        answer: Callable[[Sequence[Asked]], Sequence[Result]],
        after: Callable[[Sequence[Asked]], None],
        note: Callable[[Sequence[LogEntry]], None],
    ) -> None:
        self._limits = limits
        self._answer, self._after, self._note = answer, after, note
        self._queue: queue.SimpleQueue[_Waiting | LogEntry | None] = queue.SimpleQueue()
        self._rows = 0
        self._notes = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._work, name="predicting", daemon=True)

    def start(self) -> None:
        """Begin to predict; it is called in the event loop that asks."""
        self._loop = asyncio.get_running_loop()
        sys.setswitchinterval(_SWITCH)
        self._thread.start()

    async def stop(self) -> None:
        """Finish what waits, and end."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def ask(self, asked: Asked) -> Answered:
        """Give the answer when it is there, and logged.

        Raises
        ------
        RefusedError
            Too many rows wait already, or what was predicted cannot be logged.
        """
        if self._rows and self._rows + asked.rows > self._limits.waiting:
            raise busy("too many rows wait to be predicted")
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._rows += asked.rows
        self._queue.put((asked, future))
        return await future

    def note(self, entry: LogEntry) -> None:
        """Have a request logged that gets no prediction; where there are too many, it is not."""
        if self._notes < self._limits.concurrency:
            self._notes += 1
            self._queue.put(entry)

    def _work(self) -> None:
        keep_to_one_thread()
        left: Any = None
        while True:
            batch, notes, left = self._gather(left)
            if notes:
                self._note(notes)
                self._tell(self._noted, len(notes))
            if batch:
                self._predict(batch)
            if left is _END:
                return

    def _predict(self, batch: Sequence[_Waiting]) -> None:
        # Nobody waits any longer for what was given up.
        awaited = [one for one in batch if not one[1].done()]
        asked = [one for one, _ in awaited]
        results = self._safely(asked)
        self._tell(self._deliver, awaited, results, sum(one.rows for one, _ in batch))
        self._after(asked)

    def _gather(self, left: Any) -> tuple[list[_Waiting], list[LogEntry], Any]:
        """Take what waits, up to a batch; what did not fit in, or the end, is given as well."""
        batch: list[_Waiting] = []
        notes: list[LogEntry] = []
        rows = 0
        found = left if left is not None else self._queue.get()
        while found is not None:
            if isinstance(found, LogEntry):
                notes.append(found)
            else:
                if batch and rows + found[0].rows > self._limits.batch:
                    return batch, notes, found
                batch.append(found)
                rows += found[0].rows
            try:
                found = self._queue.get_nowait()
            except queue.Empty:
                return batch, notes, None
        return batch, notes, _END

    def _safely(self, asked: Sequence[Asked]) -> Sequence[Result]:
        try:
            return self._answer(asked)
        except Exception as error:
            return [error] * len(asked)

    def _tell(self, what: Callable[..., None], *values: Any) -> None:
        assert self._loop is not None
        # A loop that was closed has nobody left who waits.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *values)

    def _deliver(self, batch: Sequence[_Waiting], results: Sequence[Result], rows: int) -> None:
        self._rows -= rows
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Answered):
                future.set_result(result)
            else:
                future.set_exception(result)

    def _noted(self, count: int) -> None:
        self._notes -= count
