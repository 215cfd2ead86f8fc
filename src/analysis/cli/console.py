"""What the command line shows while it works: a bar on a terminal, plain lines in a pipe."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from analysis.errors import AnalysisError, Location


class Stage(Protocol):
    """A piece of work over a known number of things."""

    def started(self, name: str) -> None:
        """Say that work on ``name`` began."""

    def finished(self, name: str, verb: str, seconds: float) -> None:
        """Say that ``name`` is done: ``ran chapters/weather.qmd (1.2 s)``."""

    def failed(self, name: str, message: str) -> None:
        """Say that ``name`` failed, and why."""


class PlainStage:
    """One line a finished thing: for logs and pipes."""

    def started(self, name: str) -> None:
        """Print nothing: the line comes when it is done."""

    def finished(self, name: str, verb: str, seconds: float) -> None:
        """Print one line."""
        print(f"{verb:<8} {name} ({seconds:.1f} s)", flush=True)

    def failed(self, name: str, message: str) -> None:
        """Print one line; the whole message comes with the summary."""
        print(f"{'FAILED':<8} {name}: {message.splitlines()[0]}", flush=True)


class QuietStage:
    """Nothing: for short work without news."""

    def started(self, name: str) -> None:
        """Print nothing."""

    def finished(self, name: str, verb: str, seconds: float) -> None:
        """Print nothing."""

    def failed(self, name: str, message: str) -> None:
        """Print nothing."""


class BarStage:
    """A progress bar that names what is being worked on."""

    def __init__(self, title: str, total: int, seconds: float | None) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        self._progress = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            Elapsed(),
            TextColumn("{task.fields[news]}"),
            TextColumn("[dim]{task.fields[now]}"),
            transient=True,
        )
        self._task = self._progress.add_task(title, total=total, now="", news="")
        self._running: list[str] = []
        self._failed = 0
        self._end = time.monotonic() + seconds if seconds else None
        self._show()

    def __enter__(self) -> BarStage:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._progress.stop()

    def started(self, name: str) -> None:
        """Name what is running beside the bar."""
        self._running.append(name)
        self._show()

    def finished(self, name: str, verb: str, seconds: float) -> None:
        """Move the bar."""
        self._drop(name)

    def failed(self, name: str, message: str) -> None:
        """Move the bar and leave a line above it."""
        self._progress.console.print(
            f"FAILED   {name}: {message.splitlines()[0]}", style="red", markup=False
        )
        self._failed += 1
        self._drop(name)

    def _drop(self, name: str) -> None:
        if name in self._running:
            self._running.remove(name)
        self._progress.advance(self._task)
        self._show()

    def _show(self) -> None:
        news = [f"[red]{self._failed} failed[/]"] if self._failed else []
        if self._end and (left := self._end - time.monotonic()) > 1:
            news.append(f"about {left:.0f} s left")
        now = ", ".join(self._running[:3])
        self._progress.update(self._task, now=now, news=", ".join(news))


@contextlib.contextmanager
def stage(
    title: str, total: int, *, lines: bool = True, seconds: float | None = None
) -> Iterator[Stage]:
    """Show progress over ``total`` things: a bar on a terminal, else a line each if ``lines``.

    ``seconds`` is an estimate for all of them.
    """
    if total and sys.stdout.isatty():
        with BarStage(title, total, seconds) as bar:
            yield bar
    else:
        yield PlainStage() if lines else QuietStage()


@contextlib.contextmanager
def passing(doing: str = "building") -> Iterator[Callable[[str], None]]:
    """Show what is being built on one line of a terminal, which is empty again at the end.

    ``doing`` is the verb, where it is another one.
    """
    if not sys.stdout.isatty():
        yield lambda name: None
        return
    clear = "\r\x1b[K"
    try:
        yield lambda name: print(f"{clear}{doing} {name}", end="", flush=True)
    finally:
        print(clear, end="", flush=True)


def warn(where: Location | None, message: str) -> None:
    """Print a warning with its place."""
    place = f"{where}: " if where else ""
    print(f"warning: {place}{message}", file=sys.stderr, flush=True)


def describe(error: AnalysisError) -> str:
    """Write an error for a person: where, what, and the next step below it."""
    place = f"{error.where}: " if error.where else ""
    lines = [f"error: {place}{error.what}"]
    if error.hint:
        lines.append(f"  {error.hint}")
    return "\n".join(lines)


def size(count: int) -> str:
    """Write a number of bytes for a person: `31.2 MB`."""
    number = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
