"""Which files and folders of a project a piece of our own code reads, as Python itself tells it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FOLDER_EVENTS = frozenset(("os.listdir", "os.scandir"))


class _Recorder:
    """The audit hook of this process. Python can add one, but never take it away."""

    def __init__(self) -> None:
        self._prefix: str | None = None
        self.seen: set[str] = set()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._prefix is None:
            return
        is_read = event == "open" and not _is_written(arguments)
        if (is_read or event in _FOLDER_EVENTS) and isinstance(arguments[0], str | os.PathLike):
            path = os.path.abspath(arguments[0])  # noqa: PTH100 - cheap, and follows no link
            if path.startswith(self._prefix):
                self.seen.add(path[len(self._prefix) :])

    @contextlib.contextmanager
    def below(self, root: Path) -> Iterator[set[str]]:
        """Collect what is read below ``root``, as paths relative to it."""
        self.seen = set()
        self._prefix = f"{root}{os.sep}"
        try:
            yield self.seen
        finally:
            self._prefix = None


def _is_written(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return not mode.startswith("r")
    return bool(flags & (os.O_WRONLY | os.O_RDWR))


_recorder: _Recorder | None = None


@contextlib.contextmanager
def observed_reads(root: Path) -> Iterator[set[str]]:
    """Collect what this process reads below ``root`` while the block runs.

    One block at a time; its threads are included, processes that it starts are not.
    """
    global _recorder
    _recorder = _recorder or _Recorder()
    with _recorder.below(root) as seen:
        yield seen
