"""Keeps the recorder out of the tracebacks that a page shows."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Any

_FOLDER = os.path.dirname(__file__) + os.sep  # noqa: PTH120


def hide_own_frames() -> None:
    """Let IPython, if it is there, show tracebacks without the frames of this package."""
    shell: Any = getattr(sys.modules.get("IPython.core.interactiveshell"), "InteractiveShell", None)
    if shell is None or not shell.initialized():
        return
    formatter = shell.instance().InteractiveTB
    ordinary = formatter.structured_traceback

    def structured_traceback(
        kind: Any, error: Any, trace: Any = None, *args: Any, **kw: Any
    ) -> Any:
        _unlink(error, trace)
        return ordinary(kind, error, trace, *args, **kw)

    formatter.structured_traceback = structured_traceback


def _unlink(error: BaseException | None, trace: TracebackType | None) -> None:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for first in (trace, error.__traceback__):
            _unlink_frames(first)
        error, trace = error.__cause__ or error.__context__, None


def _unlink_frames(trace: TracebackType | None) -> None:
    while trace is not None:
        following = trace.tb_next
        while following and following.tb_frame.f_code.co_filename.startswith(_FOLDER):
            following = following.tb_next
        if following is not trace.tb_next:
            trace.tb_next = following
        trace = following
