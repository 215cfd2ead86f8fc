"""The processes that do tasks beside each other, forked from one that has imported much."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess

from analysis.errors import ExperimentError
from analysis.experiments.running.events import Event, TaskDone, TaskStarted
from analysis.experiments.running.job import Job, Working
from analysis.experiments.running.process import kill, server, start
from analysis.experiments.running.tasks import NO_ROOM

_LOOK_EVERY = 0.5  # seconds


class Crew:
    """At most ``jobs`` processes, one a task; the death of one is the failure of its run."""

    def __init__(self, jobs: int, report: Callable[[Event], None]) -> None:
        self._jobs = jobs
        self._report = report
        self._running: dict[ForkServerProcess, Working] = {}

    def run(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Do all tasks, those of the first job first, and give each job when it is finished.

        Raises
        ------
        ExperimentError
            There is no room on the disk, which is no fault of a candidate.
        """
        open_jobs = [*jobs]
        with server() as context:
            try:
                while open_jobs:
                    self._start(context, open_jobs)
                    if self._running:
                        self._wait()
                    for job in [job for job in open_jobs if job.finished]:
                        open_jobs.remove(job)
                        # What is free meanwhile has work while this job is put together.
                        self._start(context, open_jobs)
                        yield job
            finally:
                for process in self._running:
                    kill(process)
                self._running.clear()

    def _start(self, context: ForkServerContext, jobs: Sequence[Job]) -> None:
        # What is begun is finished first: the judge of an early job before the folds of a late one.
        for job in jobs:
            while job.waiting and len(self._running) < self._jobs:
                task = job.take()
                process = start(context, task, job.label)
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
                kill(process)
                self._end(process, working, f"its budget of {_minutes(job.budget)} is used up")

    def _take(self, process: ForkServerProcess, working: Working) -> None:
        kill(process)  # what it has started and left behind
        task = working.task
        if process.exitcode == NO_ROOM:
            raise ExperimentError(
                f"nothing more can be written below `{task.setting.work.parent}`",
                hint="make room, and run it again: what is done by now is not done again",
            )
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


def _death(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "its process was killed, as the system does when memory runs out"
    if code is not None and code < 0:
        return f"its process died of {signal.Signals(-code).name}"
    return f"its process ended with the exit code {code}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} minute{'' if seconds == 60 else 's'}"
