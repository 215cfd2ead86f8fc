"""Bringing what is kept and told of models up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from analysis.errors import AnalysisError, ProjectError
from analysis.models.bundle.record import Bundle
from analysis.models.registry.registry import Registry
from analysis.monitoring.alerts.evaluating import Evaluated
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.measuring.status import status
from analysis.monitoring.stored.measured import measured_file, read_measured, write_measured
from analysis.monitoring.stored.record import Measurement
from analysis.monitoring.updating.judging import judge
from analysis.monitoring.updating.mark import is_seen, mark_of, note_seen
from analysis.monitoring.updating.monitorfile import Line, read_line, with_status, write_line
from analysis.monitoring.updating.steps import Counted, Steps
from analysis.project import Project

Show = Callable[[str], object]


@dataclass(frozen=True)
class Updated:
    """What became of a model.

    ``measured`` says whether its numbers are new, ``removed`` what was too old to be kept, and
    ``error`` why it is as it was before.
    """

    monitor: Monitor
    line: Line | None = None
    found: Evaluated | None = None
    measured: bool = False
    removed: tuple[str, ...] = ()
    error: AnalysisError | None = None


@dataclass(frozen=True)
class Update:
    """The project, its models, and when and how they are brought up to date."""

    project: Project
    registry: Registry
    now: datetime
    steps: Steps

    def all(self, monitors: Sequence[Monitor], show: Show) -> tuple[Updated, ...]:
        """Bring each model up to date; one that cannot be stops no other."""
        done = []
        for monitor in monitors:
            show(monitor.model)
            try:
                done.append(self.one(monitor))
            except AnalysisError as error:
                done.append(Updated(monitor, error=error))
            except OSError as error:
                told = f"the monitoring of {monitor.model} cannot be kept: {error.strerror}"
                done.append(Updated(monitor, error=ProjectError(told)))
        return tuple(done)

    def one(self, monitor: Monitor) -> Updated:
        """Count, measure, evaluate and tell; each file is written only if something is new.

        Raises
        ------
        AnalysisError
            A step is not possible; what was there before stays.
        """
        project, model = self.project, monitor.model
        counted = self.steps.count(project, self.registry, monitor, self.now)
        mark = mark_of(project, monitor)
        numbers = self._kept(model, mark)
        is_new = numbers is None
        if numbers is None:
            numbers = self.steps.measure(project, self.registry, monitor, self.now)
            write_measured(project, model, numbers)
        found = judge(project, self.registry, monitor, numbers, self.now)
        line = with_status(self._line(monitor, counted, mark), status(numbers, found.alerts))
        write_line(project, line)
        removed = self.steps.retain(project, self.registry, monitor, self.now)
        note_seen(project, monitor, self.now)
        return Updated(monitor, line, found, is_new, tuple(removed))

    def stale(self, monitors: Sequence[Monitor]) -> tuple[Monitor, ...]:
        """Give those of which something may be new."""
        return tuple(one for one in monitors if not is_seen(self.project, one, self.now))

    def _kept(self, model: str, mark: str) -> Sequence[Measurement] | None:
        """Give the numbers that are kept, if they are of the same as now, and whole."""
        before = read_line(self.project, model)
        if before and before.mark == mark and measured_file(self.project, model).exists():
            with suppress(ProjectError):
                return read_measured(self.project, model)
        return None

    def _line(self, monitor: Monitor, counted: Counted, mark: str) -> Line:
        bundle = self._bundle(monitor.model)
        told = {name: value for name, value in vars(counted).items() if name != "notes"}
        return Line(
            model=monitor.model,
            title=monitor.title,
            task=bundle.task if bundle else None,
            period=monitor.period,
            time=monitor.time,
            **told,
            status="unknown",
            reason="",
            notes=counted.notes,
            mark=mark,
        )

    def _bundle(self, model: str) -> Bundle | None:
        champion = self.registry.at_stage(model, "champion")
        versions = self.registry.versions(model)
        return champion.bundle if champion else versions[-1].bundle if versions else None
