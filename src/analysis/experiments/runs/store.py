"""Runs on disk: a folder each, written in one rename and never changed."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from analysis.errors import ExperimentError
from analysis.experiments.runs.record import FORMAT, Curve, Run, Summary
from analysis.files import digest_file, fresh_folder, write_text
from analysis.lineage.system import RUNS_FOLDER
from analysis.project import Project

RECORD = "run.json"
SUMMARY = "experiment.json"
CURVES = "curves.json"
# Values of each metric (columns, in the record's order) in each draw of blocks (rows).
REPLICATES = "replicates.npy"
PREDICTIONS = "predictions.parquet"
MODEL = "model.skops"
# Beside the new folder of a run, for a moment, the one whose place it takes.
_REPLACED = "replaced"

_curves = TypeAdapter(tuple[Curve, ...])
_run = TypeAdapter(Run)
_summary = TypeAdapter(Summary)


def folder_of(project: Project, experiment: str) -> Path:
    """Say where the runs of an experiment lie."""
    return project.root / RUNS_FOLDER / experiment


@contextlib.contextmanager
def new_run(project: Project, experiment: str, run: str) -> Iterator[Path]:
    """Give an empty folder that becomes that of ``run`` in one rename at the end.

    A run of this name that is there is replaced.
    """
    home = folder_of(project, experiment)
    with fresh_folder(home, ".new-") as folder:
        staged = folder / run
        staged.mkdir()
        yield staged
        target = home / run
        if target.exists():
            target.rename(folder / _REPLACED)
        staged.rename(target)


def remove_unfinished(project: Project, experiment: str) -> None:
    """Remove what writers of runs that were killed have left; a run that was being replaced stays.

    The project's lock is held: nobody else writes.
    """
    home = folder_of(project, experiment)
    for folder in [*home.glob(".new-*"), *home.glob(".old-*")]:
        staged = [path for path in folder.iterdir() if path.name != _REPLACED]
        if (folder / _REPLACED).exists() and staged and not (home / staged[0].name).exists():
            staged[0].rename(home / staged[0].name)
        shutil.rmtree(folder, ignore_errors=True)


def write_record(folder: Path, run: Run, curves: Sequence[Curve]) -> None:
    """Write what is told of a run into its folder."""
    write_text(folder / RECORD, _dumped(asdict(run), indent=1))
    write_text(folder / CURVES, _dumped([asdict(curve) for curve in curves]))


def runs_of(project: Project, experiment: str) -> tuple[Run, ...]:
    """Read the runs of an experiment, the oldest first; those that are damaged are left out."""
    home = folder_of(project, experiment)
    found = (_read(path.parent) for path in sorted(home.glob(f"*/{RECORD}")))
    return tuple(sorted((run for run in found if run), key=lambda run: (run.created, run.run)))


def damaged_runs(project: Project, experiment: str) -> tuple[str, ...]:
    """Name records of an experiment that cannot be read, or are of another version, by path."""
    paths = sorted(folder_of(project, experiment).glob(f"*/{RECORD}"))
    broken = [path for path in paths if _read(path.parent) is None]
    return tuple(path.relative_to(project.root).as_posix() for path in broken)


def experiments_with_runs(project: Project) -> tuple[str, ...]:
    """Name the experiments of which there are runs."""
    home = project.root / RUNS_FOLDER
    return tuple(sorted({path.parent.parent.name for path in home.glob(f"*/*/{RECORD}")}))


def run_folder(project: Project, run: Run) -> Path:
    """Say where the files of a run lie."""
    return folder_of(project, run.experiment) / run.run


def curves_of(project: Project, run: Run) -> tuple[Curve, ...]:
    """Read the curves of a run; a failed one has none."""
    path = run_folder(project, run) / CURVES
    return _curves.validate_json(path.read_bytes()) if path.exists() else ()


def replicates_of(project: Project, run: Run) -> NDArray[np.float64] | None:
    """Read the values of each metric (columns) in each draw of blocks (rows)."""
    path = run_folder(project, run) / REPLICATES
    return np.load(path, allow_pickle=False).astype(float) if path.exists() else None


def remove_run(project: Project, run: Run) -> None:
    """Remove the folder of a run; first out of the way, so that none is seen half removed."""
    home = folder_of(project, run.experiment)
    with fresh_folder(home, ".old-") as folder:
        run_folder(project, run).rename(folder / run.run)
    if not any(home.iterdir()):
        shutil.rmtree(home, ignore_errors=True)


def write_summary(project: Project, summary: Summary) -> None:
    """Write what is told of an experiment, unless it says the same already."""
    path = folder_of(project, summary.experiment) / SUMMARY
    text = _dumped(asdict(summary), indent=1)
    if not (path.is_file() and path.read_text("utf-8") == text):
        write_text(path, text)


def read_summary(project: Project, experiment: str) -> Summary | None:
    """Read what is told of an experiment; ``None`` if it never ran, or the file is damaged."""
    path = folder_of(project, experiment) / SUMMARY
    try:
        return _summary.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def digest_of(project: Project, run: Run) -> str:
    """Fingerprint what is told of a run."""
    return digest_file(run_folder(project, run) / RECORD)


def find_run(project: Project, name: str, experiment: str | None = None) -> Run:
    """Find a run by its name, which may be shortened.

    Raises
    ------
    ExperimentError
        There is none, or there are several.
    """
    homes = [experiment] if experiment else experiments_with_runs(project)
    folders = [
        path.parent
        for home in homes
        for path in sorted(folder_of(project, home).glob(f"*/{RECORD}"))
        if path.parent.name.startswith(name)
    ]
    if len(folders) != 1 or not name:
        told = "there is no run" if not folders else f"{len(folders)} runs begin with"
        raise ExperimentError(f"{told} `{name}`", hint="`analysis experiment list` names them")
    run = _read(folders[0])
    if run is None:
        raise ExperimentError(
            f"the record of the run `{folders[0].name}` is damaged, or of another version",
            hint="run the experiment again",
        )
    return run


def _read(folder: Path) -> Run | None:
    try:
        run = _run.validate_json((folder / RECORD).read_bytes())
    except (OSError, ValidationError):
        return None
    # Paths are made of these names: a folder that was renamed or copied is not the run's.
    is_its_own = (run.experiment, run.run) == (folder.parent.name, folder.name)
    return run if run.format == FORMAT and is_its_own else None


def _dumped(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent) + "\n"
