"""Bringing monitoring up to date before pages are planned, so that these see it."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Iterator

from analysis.cli.console import warn
from analysis.cli.mistakes import is_debug, is_interrupt, mistake
from analysis.errors import AnalysisError
from analysis.lineage.system import PREDICTIONS_FOLDER
from analysis.monitoring.declared.record import FILE
from analysis.project import Project


def refresh_monitoring(project: Project) -> None:
    """Count and measure where logs, labels or what is declared changed; nobody is told of alerts.

    Whatever goes wrong is a warning, a mistake of the program, too: pages then show monitoring as
    it last was.
    """
    if not (project.root / FILE).exists() and not (project.root / PREDICTIONS_FOLDER).is_dir():
        return
    with _going_on("monitoring"):
        _refresh(project)


@contextlib.contextmanager
def _going_on(what: str) -> Iterator[None]:
    try:
        yield
    except AnalysisError as error:
        _warn(what, error)
    except Exception as error:
        if is_interrupt(error):
            raise
        if is_debug():
            traceback.print_exc()
        told = "please report it with the lines that `--debug` shows"
        warn(None, f"{what} is as it last was: {mistake(error)}; {told}")


def _warn(what: str, error: AnalysisError) -> None:
    warn(error.where, f"{what} is as it last was: {error.what}")


def _refresh(project: Project) -> None:
    from datetime import UTC, datetime

    from analysis.models.registry.registry import open_registry
    from analysis.monitoring.updating.real import STEPS
    from analysis.monitoring.updating.update import Update
    from analysis.monitoring.updating.watched import watched

    registry = open_registry(project, refresh=False)
    update = Update(project, registry, datetime.now(UTC), STEPS)
    for monitor in update.stale(watched(project, registry)):
        start, what = time.perf_counter(), f"the monitoring of {monitor.model}"
        with _going_on(what):
            (done,) = update.all([monitor], lambda model: None)
            if done.error:
                _warn(what, done.error)
            elif done.measured:
                seconds = time.perf_counter() - start
                print(f"measured {monitor.model} ({seconds:.1f} s)", flush=True)
