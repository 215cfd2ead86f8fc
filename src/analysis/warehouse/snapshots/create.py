"""Taking a snapshot of the warehouse."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import SnapshotError
from analysis.files import checksum, fresh_folder
from analysis.project import Project
from analysis.warehouse.building.record import Record, read_record, write_record
from analysis.warehouse.snapshots.outside import files_outside
from analysis.warehouse.snapshots.snapshot import (
    ID_LENGTH,
    PURPOSES,
    Details,
    Purpose,
    Snapshot,
    read_snapshot,
    system_errors,
    write_details,
)

_NEW = ".new-"


@dataclass(frozen=True)
class Origin:
    """What a snapshot is taken for, and of which commit."""

    made_for: Purpose = "somebody"
    commit: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Taken:
    """A snapshot, and whether it had to be made."""

    snapshot: Snapshot
    is_new: bool


def create(project: Project, origin: Origin) -> Taken:
    """Copy the warehouse to ``data/snapshots``, unless there is one of equal content.

    The caller holds the project's lock. What killed runs left is removed.

    Raises
    ------
    SnapshotError
        There is no warehouse, it was changed by hand, or it cannot be copied.
    """
    remove_unfinished(project)
    record = read_record(project)
    if record is None:
        raise SnapshotError(
            "there is no warehouse as ingest builds it", hint="run `analysis ingest` first"
        )
    known = read_snapshot(project, record.fingerprint[:ID_LENGTH])
    if known and known.is_complete:
        return Taken(_remember(known, origin), is_new=False)
    with system_errors("the snapshot cannot be written"):
        return Taken(_copy(project, record, origin), is_new=True)


def remove_unfinished(project: Project) -> None:
    """Remove what a killed run left of a snapshot."""
    for folder in project.snapshots_dir.glob(f"{_NEW}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _remember(known: Snapshot, origin: Origin) -> Snapshot:
    """Keep the snapshot that is there, for the purpose for which it stays longest."""
    details = replace(
        known.details,
        note=origin.note or known.details.note,
        made_for=max(known.details.made_for, origin.made_for, key=PURPOSES.index),
    )
    if details != known.details:
        with system_errors("the snapshot cannot be changed"):
            write_details(known.folder, details)
    return replace(known, details=details)


def _copy(project: Project, record: Record, origin: Origin) -> Snapshot:
    from analysis.warehouse.snapshots.copying import copy_database

    name = record.fingerprint[:ID_LENGTH]
    with fresh_folder(project.snapshots_dir, _NEW) as scratch:
        file = scratch / project.warehouse.name
        copy_database(project.warehouse, file, record)
        shutil.rmtree(scratch / "spill", ignore_errors=True)
        size = file.stat().st_size
        write_record(replace(record, size=size), file)
        details = Details(
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            commit=origin.commit,
            size=size,
            sha256=checksum(file),
            note=origin.note,
            made_for=origin.made_for,
            files=files_outside(project, record),
        )
        write_details(scratch, details)
        return Snapshot(name, _put(scratch, project.snapshots_dir / name), details)


def _put(scratch: Path, folder: Path) -> Path:
    """Give the finished folder its name; what stands there is damaged."""
    shutil.rmtree(folder, ignore_errors=True)
    return scratch.rename(folder)
