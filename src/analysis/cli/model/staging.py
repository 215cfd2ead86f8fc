"""Changing the stage of a version, and telling of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from analysis.cli.console import warn
from analysis.cli.model.opened import found, opened
from analysis.cli.workflow import locked
from analysis.errors import ProjectError
from analysis.models.bundle.record import Stage
from analysis.models.registry.stages import Change, changes, name_of
from analysis.models.registry.who import who
from analysis.project import find_project


def bring(folder: Path, name: str, stage: Stage, why: str, by: str | None) -> None:
    """Bring a version to a stage, and print what was changed.

    Raises
    ------
    ModelError
        There is no such version, or it may not be the champion.
    ProjectError
        No reason is given.
    """
    if not why.strip():
        raise ProjectError("no reason is given", hint="say it: --why TEXT")
    project = find_project(folder)
    with locked(project):
        registry = opened(project)
        version, kept = found(registry, name)
        wanted = Change(stage, by or who(project.root), why.strip(), datetime.now(UTC))
        events = changes(kept.versions, version, wanted)
        for event in events:
            registry.record(event)
    names = {one.id: name_of(one) for one in kept.versions}
    for event in events:
        print(f"{event.stage or '':<10} {names[event.version]} (was {event.previous})")
    if version.stage == stage:
        newest = name_of(kept.versions[-1])
        more = (
            f"; name another if you mean it, such as {newest}"
            if newest != names[version.id]
            else ""
        )
        print(f"{names[version.id]} is {stage} already{more}")
    elif version.stage == "champion":
        warn(None, f"`{version.bundle.model}` has no champion now")
