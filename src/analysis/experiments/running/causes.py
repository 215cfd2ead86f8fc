"""What is not as it was when a run was made: rows, code, packages, the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from analysis.experiments.comparing.changes import Change, changes
from analysis.experiments.running.plan import PlannedRun
from analysis.experiments.runs.record import Run


def causes(run: Run, planned: PlannedRun) -> Iterator[Change]:
    """Say what differs between a run and what would be run now."""
    if planned.split.digest != run.split.digest:
        yield Change("rows of the folds", run.split.digest[:8], planned.split.digest[:8])
    yield from fitted_on(run, planned)
    for what in ("python", "platform"):
        then, now = getattr(run.origin, what), getattr(planned.origin, what)
        if then != now:
            yield Change(what, then, now)


def fitted_on(run: Run, planned: PlannedRun) -> Iterator[Change]:
    """Say what differs of that on which a fit on all rows stands: columns, code, packages."""
    yield from _changed("column", run.data.columns, planned.data.columns)
    yield from _changed("module", run.origin.code, planned.origin.code)
    yield from _changed("package", run.origin.packages, planned.origin.packages)


def _changed(kind: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for one in sorted(changes(then, now), key=lambda one: one.name):
        yield replace(one, name=f"{kind} `{one.name}`")
