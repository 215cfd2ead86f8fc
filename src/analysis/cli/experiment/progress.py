"""How an experiment goes: a bar with the folds that run, or a line a run in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.cli.experiment.estimate import Estimate
from analysis.experiments.running.events import Event, Planned, RunDone, TaskDone, TaskStarted
from analysis.report.formats import number

if TYPE_CHECKING:
    from rich.progress import Progress

    from analysis.experiments.running.tasks import Task
    from analysis.experiments.runs.record import Run


class Lines:
    """A line for each run, with what is left: for logs and pipes."""

    def __init__(self, jobs: int) -> None:
        self._estimate = Estimate(jobs)
        self._runs = self._done = self._width = 0

    def report(self, event: Event) -> None:
        """Print a line when a run is on disk."""
        if isinstance(event, Planned):
            self._estimate.planned(event.tasks)
            self._runs, self._done = len(event.tasks), 0
            self._width = max(map(len, event.tasks))
            print(planned_line(event), flush=True)
        elif isinstance(event, TaskDone):
            self._estimate.ended(event.candidate, event.task, event.seconds, event.failure)
        elif isinstance(event, RunDone):
            self._done += 1
            print(f"{one_line(event, self._width)}{self._left()}", flush=True)

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
        self._running: list[tuple[str, Task]] = []
        self._total = self._width = 0
        self._bar = progress.add_task("running", total=None, now="", left="", visible=False)

    def report(self, event: Event) -> None:
        """Move the bar."""
        if isinstance(event, Planned):
            self._estimate.planned(event.tasks)
            self._total, self._width = self._estimate.tasks, max(map(len, event.tasks))
            self._print(planned_line(event))
        elif isinstance(event, TaskStarted):
            self._running.append((event.candidate, event.task))
        elif isinstance(event, TaskDone):
            self._running.remove((event.candidate, event.task))
            self._estimate.ended(event.candidate, event.task, event.seconds, event.failure)
        else:
            self._print(one_line(event, self._width), "red" if event.run.failure else None)
        self._show()

    def _print(self, line: str, style: str | None = None) -> None:
        # A line is not broken: it would not be found again by who looks for it.
        self._progress.console.print(
            line, style=style, markup=False, highlight=False, soft_wrap=True
        )

    def _show(self) -> None:
        seconds = self._estimate.seconds
        now = ", ".join(f"{candidate}: {task}" for candidate, task in self._running[:2])
        more = f" and {len(self._running) - 2} more" if len(self._running) > 2 else ""
        self._progress.update(
            self._bar,
            visible=True,
            total=self._total,
            completed=self._total - self._estimate.tasks,
            now=now + more,
            left=f"{about(seconds)} left" if seconds else "",
        )


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
    runs = len(event.tasks) - event.anew
    fits = sum(task.kind != "judge" for tasks in event.tasks.values() for task in tasks)
    parts = [f"{event.kept} there already"] if event.kept else []
    parts += [f"{event.anew} to judge anew"] if event.anew else []
    parts += [f"{runs} to make, in {fits} fits"] if runs else []
    return f"{'runs':<8} {', '.join(parts)}"


def about(seconds: float) -> str:
    """Write an estimate: ``about 3 min``."""
    return f"about {max(1, round(seconds))} s" if seconds < 100 else f"about {seconds / 60:.0f} min"


def one_line(event: RunDone, width: int = 0) -> str:
    """Tell a run on one line: its deciding metric with the interval, or why it failed."""
    run = event.run
    label = run.candidate if run.role == "candidate" else f"{run.candidate} under {run.split.label}"
    if run.failure:
        return f"{'FAILED':<8} {label:<{width}}  {run.failure.what} ({run.failure.during})"
    return f"{'judged' if event.anew else 'ran':<8} {label:<{width}}  {measured(run)}"


def measured(run: Run) -> str:
    """Tell the deciding metric of a run with its interval."""
    first = run.metrics[0]
    between = "" if first.low is None else f" [{number(first.low, 3)}, {number(first.high, 3)}]"
    return f"{first.name} {number(first.value, 3)}{between}"
