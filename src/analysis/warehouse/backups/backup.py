"""Sending the data of a project to a store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import Location, SnapshotError
from analysis.files import checksum
from analysis.lineage.recorder.files import signature
from analysis.project import Project
from analysis.warehouse.backups.chosen import DATA, files_to_keep
from analysis.warehouse.backups.folder import FolderStore
from analysis.warehouse.backups.manifest import Manifest, Stored
from analysis.warehouse.backups.store import BACKUPS, OBJECTS, Store


@dataclass(frozen=True)
class Sent:
    """A backup that was made: how many of its objects had to be sent, and their bytes."""

    manifest: Manifest
    objects: int
    size: int


def back_up(project: Project, store: Store, commit: str | None, snapshot: str | None) -> Sent:
    """Send what the store does not have yet, and last of all the manifest.

    The caller holds the project's lock, and has taken the ``snapshot`` of the warehouse.

    Raises
    ------
    SnapshotError
        A file cannot be read or changes meanwhile, or the store cannot be reached. Then there is no
        new backup, and what was sent is not sent again.
    """
    _check_apart(project, store)
    there = dict(store.sizes(OBJECTS))
    files: dict[str, Stored] = {}
    sent = size = 0
    for name, path in files_to_keep(project).items():
        before = signature(str(path))
        files[name] = stored = _stored(path, name)
        if there.get(stored.sha256) != stored.size:
            store.put(path, f"{OBJECTS}/{stored.sha256}")
            there[stored.sha256] = stored.size
            sent, size = sent + 1, size + stored.size
        _check_unchanged(path, name, before)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    manifest = Manifest(now, commit, snapshot, files)
    store.write(manifest.to_json().encode(), f"{BACKUPS}/{manifest.id}.json")
    return Sent(manifest, sent, size)


def _check_apart(project: Project, store: Store) -> None:
    data = project.root / DATA
    if isinstance(store, FolderStore) and data in (store.root, *store.root.parents):
        raise SnapshotError(
            f"{store.root} lies in the data that are backed up",
            hint="choose a folder on another disk",
        )


def _stored(path: Path, name: str) -> Stored:
    try:
        return Stored(checksum(path), path.stat().st_size)
    except OSError as error:
        raise SnapshotError(
            f"this file cannot be read: {error.strerror}",
            Location(name),
            "give yourself the right to read it, or move it out of data/",
        ) from None


def _check_unchanged(path: Path, name: str, before: object) -> None:
    # What was sent under its checksum would be something else.
    if signature(str(path)) != before:
        raise SnapshotError(
            "this file changed while it was backed up", Location(name), "back up once more"
        )
