"""How an experiment goes: a bar with the folds that run, or a line a run in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.experiments.running.events import Event, Planned, RunDone, TaskDone, TaskStarted
from analysis.report.formats import number

if TYPE_CHECKING:
    from rich.progress import Progress

    from analysis.experiments.running.tasks import Task
    from analysis.experiments.runs.record import Run


class Estimate:
    """How many seconds are left, from those of the tasks that are done.

    A task takes as long as others of its candidate and kind; of an unknown candidate, as long as
    all others of its kind.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._seconds: dict[str, list[float]] = defaultdict(list)
        self.left: dict[str, int] = {}

    def ended(self, candidate: str, seconds: float, failed: bool) -> None:
        """Take a task for done; after a failed one, no other of its candidate comes."""
        self._seconds[candidate].append(seconds)
        self.left[candidate] = 0 if failed else max(0, self.left.get(candidate, 0) - 1)

    @property
    def seconds(self) -> float | None:
        """Give the seconds that are left, ``None`` before there is anything to tell by."""
        means = {name: sum(found) / len(found) for name, found in self._seconds.items()}
        if not means:
            return None
        usual = sum(means.values()) / len(means)
        return sum(n * means.get(name, usual) for name, n in self.left.items()) / self._jobs


class Lines:
    """A line for each run, with what is left: for logs and pipes."""

    def __init__(self, jobs: int) -> None:
        self._estimate = Estimate(jobs)
        self._runs = self._done = 0

    def report(self, event: Event) -> None:
        """Print a line when a run is on disk."""
        if isinstance(event, Planned):
            self._estimate.left = dict(event.tasks)
            self._runs, self._done = len(event.tasks), 0
            print(planned_line(event), flush=True)
        elif isinstance(event, TaskDone):
            self._estimate.ended(event.candidate, event.seconds, event.failure is not None)
        elif isinstance(event, RunDone):
            self._done += 1
            print(f"{verb(event.run):<8} {one_line(event.run)}{self._left()}", flush=True)

    def _left(self) -> str:
        seconds = self._estimate.seconds
        if self._done == self._runs or not seconds:
            return f"  ({self._done} of {self._runs})"
        return f"  ({self._done} of {self._runs}, {about(seconds)} left)"


class Bar:
    """A bar over all tasks that names the folds which run, and a line above it for each run."""

    def __init__(self, progress: Progress, jobs: int) -> None:
        self._progress = progress
        self._estimate = Estimate(jobs)
        self._running: list[Task] = []
        self._task = progress.add_task("running", total=None, now="", left="")

    def report(self, event: Event) -> None:
        """Move the bar."""
        if isinstance(event, Planned):
            self._estimate.left = dict(event.tasks)
            self._progress.console.print(planned_line(event), markup=False, highlight=False)
            self._progress.update(self._task, total=sum(event.tasks.values()))
        elif isinstance(event, TaskStarted):
            self._running.append(event.task)
        elif isinstance(event, TaskDone):
            self._running.remove(event.task)
            self._estimate.ended(event.candidate, event.seconds, event.failure is not None)
            self._progress.update(self._task, completed=self._completed())
        else:
            style = "red" if event.run.failure else None
            line = f"{verb(event.run):<8} {one_line(event.run)}"
            self._progress.console.print(line, style=style, markup=False, highlight=False)
        self._show()

    def _completed(self) -> float:
        total = self._progress.tasks[0].total or 0
        return total - sum(self._estimate.left.values())

    def _show(self) -> None:
        seconds = self._estimate.seconds
        now = ", ".join(f"{task.setting.candidate.name}: {task}" for task in self._running[:2])
        left = f"{about(seconds)} left" if seconds else ""
        self._progress.update(self._task, now=now, left=left)


@contextlib.contextmanager
def progress(jobs: int) -> Iterator[Lines | Bar]:
    """Show how experiments go, ``jobs`` tasks at once."""
    if not sys.stdout.isatty():
        yield Lines(jobs)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    columns = (BarColumn(bar_width=24), MofNCompleteColumn(), Elapsed())
    texts = (TextColumn("{task.fields[left]}"), TextColumn("[dim]{task.fields[now]}"))
    with Progress(*columns, *texts, transient=True) as shown:
        yield Bar(shown, jobs)


def planned_line(event: Planned) -> str:
    """Say what is to be done, and what there is already."""
    runs, tasks = len(event.tasks), sum(event.tasks.values())
    there = f"{event.kept} there already, " if event.kept else ""
    return f"{there}{runs} run{'' if runs == 1 else 's'} to make, in {tasks} fits"


def verb(run: Run) -> str:
    """Say what became of a run."""
    return "FAILED" if run.failure else "ran"


def about(seconds: float) -> str:
    """Write an estimate: ``about 3 min``."""
    return f"about {seconds:.0f} s" if seconds < 100 else f"about {seconds / 60:.0f} min"


def one_line(run: Run) -> str:
    """Tell a run on one line: its deciding metric with the interval, or why it failed."""
    if run.failure:
        return f"{run.candidate}: {run.failure.what} ({run.failure.during})"
    under = f" under {run.split.label}" if run.role == "honesty" else ""
    first = run.metrics[0]
    between = "" if first.low is None else f" [{number(first.low, 3)}, {number(first.high, 3)}]"
    return f"{run.candidate}{under}  {first.name} {number(first.value, 3)}{between}"
