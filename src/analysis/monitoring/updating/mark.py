"""Whether there is anything new: of what numbers are made, and of what counts are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from analysis.errors import Location
from analysis.files import digest, digest_file, write_text
from analysis.lineage.system import MODELS_FOLDER
from analysis.monitoring.alerts.store import alerts_file
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.stored.measured import measured_file
from analysis.monitoring.stored.places import labels_folder, log_folder, monitoring_folder
from analysis.project import Project

# Raised when the same counts give other numbers: then all are made anew.
FORMAT = 2
_SEEN = "monitoring"


def mark_of(project: Project, monitor: Monitor) -> str:
    """Fingerprint of what the numbers of a model are made: its counts, versions, declaration."""
    home = monitoring_folder(project, monitor.model)
    files = [*sorted(home.glob("cells/*.parquet")), *sorted(home.glob("bins/*.parquet"))]
    told = [f"{file.name} {digest_file(file)}" for file in files]
    # Rules and addresses change no number.
    said = replace(monitor, rules=(), notify=(), where=Location(""))
    parts = [str(FORMAT), repr(said), *told, *_versions(project, monitor.model)]
    return digest("\n".join(parts).encode())


def is_seen(project: Project, monitor: Monitor, now: datetime) -> bool:
    """Say whether nothing is new since `note_seen`, by the names and sizes of files alone."""
    try:
        return _seen_file(project, monitor.model).read_text() == _listing(project, monitor, now)
    except OSError:
        return False


def note_seen(project: Project, monitor: Monitor, now: datetime) -> None:
    """Note what there is of a model."""
    write_text(_seen_file(project, monitor.model), _listing(project, monitor, now))


def _seen_file(project: Project, model: str) -> Path:
    return project.work_dir / _SEEN / f"{model}.json"


def _listing(project: Project, monitor: Monitor, now: datetime) -> str:
    model, home = monitor.model, monitoring_folder(project, monitor.model)
    files = (
        *log_folder(project, model).glob("*"),
        *labels_folder(project, model).glob("*"),
        *home.glob("cells/*"),
        *home.glob("bins/*"),
        *home.glob("*"),
        measured_file(project, model),
        alerts_file(project, model),
    )
    # What is too old is so by the day.
    today = now.date().isoformat() if monitor.retain_days else None
    told = [str(FORMAT), digest(json.dumps(asdict(monitor)).encode()), today]
    return json.dumps([*told, *_versions(project, model), *_sizes(project, files)])


def _versions(project: Project, model: str) -> list[str]:
    """Name the versions of a model, and the events that give them stages."""
    folder = project.root / MODELS_FOLDER
    paths = (*folder.glob(f"{model}/*"), *folder.glob(f"{model}.events/*"))
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _sizes(project: Project, files: Iterable[Path]) -> list[str]:
    found = set()
    for path in files:
        try:
            stat = path.stat()
        except OSError:  # it was removed at this moment
            continue
        found.add(f"{path.relative_to(project.root).as_posix()} {stat.st_size}")
    return sorted(found)
