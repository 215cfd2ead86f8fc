"""Bringing a snapshot back as the warehouse."""

from __future__ import annotations

import shutil

from analysis.files import fresh_folder, write_bytes
from analysis.project import Project
from analysis.warehouse.building.record import record_path
from analysis.warehouse.ingest import SCRATCH, put_in_place
from analysis.warehouse.snapshots.snapshot import Snapshot, system_errors, verify


def restore(project: Project, snapshot: Snapshot) -> None:
    """Put a checked copy of ``snapshot`` into the place of the warehouse.

    The caller holds the project's lock. Until the copy is whole, the old warehouse stays.

    Raises
    ------
    SnapshotError
        The snapshot is damaged, or cannot be copied.
    """
    with system_errors("the snapshot cannot be restored"):
        record = snapshot.record.read_bytes()
        with fresh_folder(project.warehouse.parent, SCRATCH) as scratch:
            file = scratch / project.warehouse.name
            shutil.copyfile(snapshot.file, file)
            verify(project, snapshot, file)
            put_in_place(file, project)
        write_bytes(record_path(project.warehouse), record)
