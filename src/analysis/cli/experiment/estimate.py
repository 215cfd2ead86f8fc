"""How long an experiment still takes, from the tasks that are done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.experiments.running.tasks import Task


class Estimate:
    """How many seconds are left, and how many tasks.

    A fit takes as long as others of its candidate, by the rows that it is trained on; one of a
    candidate of which nothing is known yet, as long as those of others.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._left: dict[str, list[Task]] = {}
        # Seconds, and fits of one fold that they were for, by candidate; judging is apart.
        self._known: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        self._judged: list[float] = []

    def planned(self, tasks: Mapping[str, Sequence[Task]]) -> None:
        """Begin with these tasks."""
        self._left = {label: [*of] for label, of in tasks.items()}

    def ended(self, label: str, task: Task, seconds: float, failure: str | None) -> None:
        """Take a task for done; after a failed one, no other of its run comes."""
        left = self._left.get(label, [])
        if failure is not None:
            left.clear()
        if task in left:
            left.remove(task)
        if task.kind == "judge":
            self._judged.append(seconds)
            return
        before, fits = self._known[label]
        self._known[label] = (before + seconds, fits + _fits(task))

    @property
    def tasks(self) -> int:
        """Count the tasks that are left."""
        return sum(map(len, self._left.values()))

    @property
    def seconds(self) -> float | None:
        """Give the seconds that are left, ``None`` before there is anything to tell by."""
        rates = {label: seconds / fits for label, (seconds, fits) in self._known.items()}
        if not rates and not self._judged:
            return None
        usual = sum(rates.values()) / max(1, len(rates))
        judging = sum(self._judged) / max(1, len(self._judged))
        found = 0.0
        for label, tasks in self._left.items():
            rate = rates.get(label, usual)
            found += sum(judging if t.kind == "judge" else rate * _fits(t) for t in tasks)
        return found / min(self._jobs, max(1, self.tasks))


def _fits(task: Task) -> float:
    """Say how much a task is, by rows; one fold is one."""
    if task.kind == "model":
        return task.setting.folds / (task.setting.folds - 1)
    # A small fit has its costs, too: a process, and the rows that are predicted.
    return 0.1 + 0.9 * task.share
