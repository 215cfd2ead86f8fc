"""A thread that compacts what a server has logged, while it goes on."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from analysis.errors import AnalysisError

_log = logging.getLogger("analysis.service")


class Compactor:
    """Compacts the log in ``folder`` when it is told that a segment was closed, and at the start.

    What goes wrong is told once each time; the segment stays, and counts as it is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wanted = threading.Event()
        self._wanted.set()
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="compacting", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that a segment was closed."""
        self._wanted.set()

    def stop(self) -> None:
        """End, after what is being done."""
        self._ended = True
        self._wanted.set()
        self._thread.join()

    def _work(self) -> None:
        from analysis.service.log.compaction import compact_log

        while self._wanted.wait() and not self._ended:
            self._wanted.clear()
            try:
                unread = compact_log(self._folder).unread
            except (AnalysisError, OSError) as error:
                unread = (str(error),)
            for why in unread:
                _log.warning("the log of predictions cannot be compacted: %s", why)
