"""The processes that do tasks beside each other, forked from one that has imported much."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess

from analysis.experiments.running.events import Event, TaskDone, TaskStarted
from analysis.experiments.running.job import Job, Working
from analysis.experiments.running.tasks import Task

# Imported once, before any worker is forked.
_PRELOADED = (
    "analysis.experiments.running.worker",
    "pandas",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "sklearn.preprocessing",
)
# Libraries start threads when they are imported, and a process with threads is not to be forked.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)
_LOOK_EVERY = 0.5  # seconds


class Crew:
    """At most ``jobs`` processes, one a task; the death of one is the failure of its run."""

    def __init__(self, jobs: int, report: Callable[[Event], None]) -> None:
        self._jobs = jobs
        self._report = report
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._running: dict[ForkServerProcess, Working] = {}

    def run(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Do all tasks, those of the first job first, and give each job when it is finished."""
        with _one_thread():
            self._context.set_forkserver_preload([*_PRELOADED])
            open_jobs = [*jobs]
            try:
                while open_jobs:
                    self._start(open_jobs)
                    self._wait()
                    for job in [job for job in open_jobs if job.finished]:
                        open_jobs.remove(job)
                        yield job
            finally:
                for process in self._running:
                    process.kill()

    def _start(self, jobs: Sequence[Job]) -> None:
        # What is begun is finished first: the judge of an early job before the folds of a late one.
        for job in jobs:
            while job.waiting and len(self._running) < self._jobs:
                task = job.take()
                process = self._context.Process(target=_do, args=(task,), name=job.label)
                process.start()
                self._running[process] = Working(job, task)
                self._report(TaskStarted(job.label, task))

    def _wait(self) -> None:
        left = [w.job.budget - self._used(w.job) for w in self._running.values()]
        wait([p.sentinel for p in self._running], timeout=max(0.0, min([_LOOK_EVERY, *left])))
        for process, working in [*self._running.items()]:
            if process.exitcode is not None:
                self._take(process, working)
        for working in [*self._running.values()]:
            if self._used(working.job) > working.job.budget:
                self._stop(working.job)

    def _used(self, job: Job) -> float:
        return job.used + sum(w.seconds for w in self._running.values() if w.job is job)

    def _stop(self, job: Job) -> None:
        """Kill all that runs of a job that has used up its time."""
        for process, working in [*self._running.items()]:
            if working.job is job:
                process.kill()
                process.join()
                self._end(process, working, f"its budget of {_minutes(job.budget)} is used up")

    def _take(self, process: ForkServerProcess, working: Working) -> None:
        process.join()
        task = working.task
        if process.exitcode == 0 and task.result.exists():
            self._end(process, working, None)
        elif task.failure.exists():
            told = json.loads(task.failure.read_bytes())
            task.failure.unlink()
            self._end(process, working, told["what"], told["traceback"])
        else:
            self._end(process, working, _death(process.exitcode))

    def _end(
        self, process: ForkServerProcess, working: Working, failure: str | None, trace: str = ""
    ) -> None:
        del self._running[process]
        job, task, seconds = working.job, working.task, working.seconds
        if failure is None:
            job.succeeded(task, seconds)
        else:
            job.failed(task, seconds, failure, trace)
        self._report(TaskDone(job.label, task, seconds, failure))


def _do(task: Task) -> None:
    """Be the process of a task, which ends with its parent."""
    from analysis.experiments.running.worker import work

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and kills
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work(task)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)


def _death(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "its process was killed, as the system does when memory runs out"
    if code is not None and code < 0:
        return f"its process died of {signal.Signals(-code).name}"
    return f"its process ended with the exit code {code}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} minute{'' if seconds == 60 else 's'}"


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
