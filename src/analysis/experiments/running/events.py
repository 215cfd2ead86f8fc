"""What happens while an experiment runs, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.experiments.running.tasks import Task
from analysis.experiments.runs.record import Run


@dataclass(frozen=True)
class Planned:
    """What is to be done: tasks by run, and how many runs there are already.

    ``anew`` counts the runs that are only judged anew, from the predictions that there are.
    """

    tasks: dict[str, tuple[Task, ...]]
    kept: int
    anew: int = 0


@dataclass(frozen=True)
class TaskStarted:
    """A task of a candidate began."""

    candidate: str
    task: Task


@dataclass(frozen=True)
class TaskDone:
    """A task of a candidate ended after some seconds; ``failure`` says why it failed."""

    candidate: str
    task: Task
    seconds: float
    failure: str | None


@dataclass(frozen=True)
class RunDone:
    """A run is on disk; ``anew`` if it was judged anew."""

    run: Run
    anew: bool = False


Event = Planned | TaskStarted | TaskDone | RunDone
