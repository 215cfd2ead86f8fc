"""A run while it is made: which tasks wait, which are done, and what it has used."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from analysis.experiments.running.leftovers import is_whole, told
from analysis.experiments.running.tasks import Setting, Task
from analysis.experiments.runs.record import Failure


@dataclass
class Job:
    """The tasks of one run. It is failed as soon as one task fails, and done after the judge.

    ``budget`` is in seconds, summed over the processes of its tasks; ``label`` names it for people.
    Without ``judged`` no judge comes, as nothing is predicted.
    """

    setting: Setting
    waiting: list[Task]
    budget: float
    label: str
    judged: bool = True
    done: list[Task] = field(default_factory=list)
    running: int = 0
    used: float = 0.0
    failure: Failure | None = None
    traceback: str = ""

    def __post_init__(self) -> None:
        """Take what an interrupted run has left for done."""
        self.done = [task for task in self.waiting if is_whole(task)]
        self.waiting = [task for task in self.waiting if task not in self.done]
        self.used = sum(float(told(task)["seconds"]) for task in self.done)
        self._call_judge()

    @property
    def finished(self) -> bool:
        """Say whether nothing more is to be done."""
        return not self.waiting and not self.running

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Give all that is still to be done, the judge last."""
        judge = Task("judge", self.setting)
        return (*(task for task in self.waiting if task != judge), judge)

    def take(self) -> Task:
        """Give the next task, which now runs."""
        self.running += 1
        return self.waiting.pop(0)

    def succeeded(self, task: Task, seconds: float) -> None:
        """Take a task for done."""
        self._ended(seconds)
        self.done.append(task)
        self._call_judge()

    def failed(self, task: Task, seconds: float, what: str, traceback: str = "") -> None:
        """Give up the run because of a task; the first reason counts."""
        self._ended(seconds)
        self.waiting.clear()
        if self.failure is None:
            self.failure = Failure(what, str(task))
            self.traceback = traceback

    def _ended(self, seconds: float) -> None:
        self.running -= 1
        self.used += seconds

    def _call_judge(self) -> None:
        """Let the judge come when all else is done."""
        if self.judged and not self.waiting and not self.running and not self.failure:
            judge = Task("judge", self.setting)
            if judge not in self.done:
                self.waiting.append(judge)


@dataclass(frozen=True)
class Working:
    """A task in a process, since a moment of the monotonic clock."""

    job: Job
    task: Task
    since: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Say how long it has been running."""
        return time.monotonic() - self.since
