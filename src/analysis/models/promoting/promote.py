"""Making a version of a model from a run, and handing it to the registry in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.experiments.running.events import Event as RunEvent
from analysis.experiments.runs.record import Run
from analysis.files import fresh_folder
from analysis.models.bundle.record import FORMAT, Event, Version
from analysis.models.golden.cases import Golden
from analysis.models.promoting.bundle import Wanted, make_bundle
from analysis.models.promoting.source import open_source
from analysis.models.registry.naming import check_model_name
from analysis.models.registry.registry import Registry
from analysis.models.registry.stages import written
from analysis.project import Project

_NEW = ".promoting-"


@dataclass(frozen=True)
class Promoted:
    """A new version, and what its golden cases are."""

    version: Version
    golden: Golden


def promote(
    project: Project,
    registry: Registry,
    run: Run,
    wanted: Wanted,
    report: Callable[[RunEvent], None] = lambda event: None,
) -> Promoted:
    """Make a version of a model from ``run``, which begins as a candidate.

    Nothing is kept of it unless all of it is.

    Raises
    ------
    ModelError
        It cannot be made; why, and what to do.
    """
    check_model_name(wanted.model)
    source = open_source(project, run, wanted.refit)
    with fresh_folder(project.work_dir, _NEW) as folder:
        made = make_bundle(source, wanted, folder, report)
        version = registry.add(wanted.model, folder, _event(wanted))
    return Promoted(version, made.golden)


def _event(wanted: Wanted) -> Event:
    return Event(
        format=FORMAT,
        model=wanted.model,
        version="",
        kind="stage",
        at=written(datetime.now(UTC)),
        by=wanted.by,
        why=wanted.why,
        stage="candidate",
    )
