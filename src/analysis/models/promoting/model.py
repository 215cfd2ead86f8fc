"""The file of a model: the run's own, or one that is fitted again to the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from analysis.errors import ExperimentError, Location, ModelError
from analysis.experiments.running.causes import causes
from analysis.experiments.running.events import Event
from analysis.experiments.running.whole import fitted_whole
from analysis.experiments.runs.record import FileRecord
from analysis.experiments.runs.store import MODEL, run_folder
from analysis.files import checksum
from analysis.models.promoting.source import Refit, Source, shown


def bring_model(
    source: Source, refit: Refit, target: Path, report: Callable[[Event], None]
) -> FileRecord:
    """Put the model at ``target``: the run's, if it is there, else one that is fitted now.

    Raises
    ------
    ModelError
        The run's was changed, or what is fitted now is not the same to the last byte.
    """
    if refit == "full":
        _fit(source, target, report)
        return recorded(target)
    run = source.run
    kept = run_folder(source.project, run) / MODEL
    where = Location(f"{run.experiment}/{run.run}/{MODEL}")
    if run.model is None:
        raise ModelError(
            f"the run `{run.run}` kept no model", where, "`--refit full` fits it on all rows"
        )
    if kept.exists():
        shutil.copyfile(kept, target)
        if checksum(target) != run.model.sha256:
            raise ModelError(
                f"the model of the run `{run.run}` is not the one that was kept with it",
                where,
                "its SHA-256 differs: find out who changed it, remove the file, and promote again",
            )
        return recorded(target)
    _fit(source, target, report)
    if checksum(target) != run.model.sha256:
        told = shown(tuple(causes(run, source.planned))) or "nothing that is recorded of it"
        raise ModelError(
            f"the model of the run `{run.run}` is missing, and one that is fitted on the same rows "
            f"is not the same to the last byte; changed since: {told}",
            where,
            "bring its file back, or promote what is fitted now: `--refit full`",
        )
    return recorded(target)


def recorded(path: Path) -> FileRecord:
    """Tell the size and the SHA-256 of a file."""
    return FileRecord(path.name, path.stat().st_size, checksum(path))


def _fit(source: Source, target: Path, report: Callable[[Event], None]) -> None:
    try:
        with fitted_whole(source.study, source.planned, report) as made:
            shutil.copyfile(made, target)
    except ExperimentError as error:
        raise ModelError(error.what, None, error.hint) from None
