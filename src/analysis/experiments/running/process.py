"""A process of its own for one task, forked from one that has imported much."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType

from analysis.experiments.running.tasks import Task

# Imported once, before any worker is forked.
_PRELOADED = (
    "analysis.experiments.running.worker",
    "analysis.experiments.candidates.building",
    "analysis.experiments.metrics.scorers",
    "pandas",
    "skops.io",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.impute",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.tree",
)
# Libraries start threads when they are imported, and a process with threads is not to be forked.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)


@contextlib.contextmanager
def server() -> Iterator[ForkServerContext]:
    """Give what starts processes, which use one thread each and know nothing of Ctrl-C."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED])
    with _one_thread():
        # It is the parent that is told of Ctrl-C, and kills; what is blocked here stays so there.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield context


def start(context: ForkServerContext, task: Task, name: str) -> ForkServerProcess:
    """Start the process of a task."""
    process = context.Process(target=_do, args=(task,), name=name)
    # Else each process would import the script that was started here, for nothing.
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main
    return process


def kill(process: ForkServerProcess) -> None:
    """End a process, and all that it has started, if it is not over."""
    if process.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _do(task: Task) -> None:
    """Be the process of a task, which ends with its parent."""
    from analysis.experiments.running.worker import work

    os.setpgid(0, 0)  # so that what an estimator starts ends with it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work(task)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let the processes that are started meanwhile use one thread each."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
