"""Fetching the data of a project from a store: all of it, checked, or nothing."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Location, SnapshotError
from analysis.files import checksum, fresh_folder
from analysis.project import Project
from analysis.project.project import SNAPSHOTS
from analysis.warehouse.backups.chosen import DATA
from analysis.warehouse.backups.manifest import Manifest, Stored
from analysis.warehouse.backups.store import OBJECTS, Store
from analysis.warehouse.building.record import read_record
from analysis.warehouse.ingest import SCRATCH
from analysis.warehouse.snapshots.restore import restore
from analysis.warehouse.snapshots.snapshot import find_snapshot, snapshots, system_errors

_SHOWN = 10


@dataclass(frozen=True)
class Restored:
    """How many files were written, how many were there already, and the bytes fetched."""

    written: int
    kept: int
    size: int


def bring_back(project: Project, store: Store, manifest: Manifest, *, force: bool) -> Restored:
    """Write the files of a backup that are missing, and with ``force`` those that differ.

    The caller holds the project's lock. All is fetched and checked before the first file is
    written; files that the backup does not have stay.

    Raises
    ------
    SnapshotError
        A file differs and there is no ``force``; an object is missing or damaged; a path leads out
        of the project. Then nothing is changed.
    """
    with system_errors("the backup cannot be restored"):
        missing, differing = _compare(project, manifest.files)
        if differing and not force:
            raise _refused(differing)
        wanted = {name: manifest.files[name] for name in (*missing, *differing)}
        with fresh_folder(project.root / DATA, SCRATCH) as staging:
            size = sum(_fetch(store, name, stored, staging) for name, stored in wanted.items())
            _place(project, wanted, staging)
        _bring_warehouse(project, manifest)
    return Restored(len(wanted), len(manifest.files) - len(wanted), size)


def _place(project: Project, wanted: Mapping[str, Stored], staging: Path) -> None:
    """Move the fetched contents to where they belong; one that is needed again is copied."""
    left = Counter(stored.sha256 for stored in wanted.values())
    for name, stored in wanted.items():
        file, target = staging / stored.sha256, project.root / name
        left[stored.sha256] -= 1
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if left[stored.sha256]:
                file = Path(shutil.copyfile(file, f"{file}-copy"))
            file.replace(target)
        except OSError as error:
            raise SnapshotError(
                f"this file cannot be written: {error.strerror}",
                Location(name),
                "check permissions and space, then restore again; what is there is kept",
            ) from None


def _bring_warehouse(project: Project, manifest: Manifest) -> None:
    """Make the backup's snapshot the warehouse, unless that holds the same already."""
    record = read_record(project)
    if manifest.snapshot and not (record and record.fingerprint.startswith(manifest.snapshot)):
        restore(project, find_snapshot(project, manifest.snapshot))


def _compare(project: Project, files: Mapping[str, Stored]) -> tuple[list[str], list[str]]:
    """Find the files that are missing here, and those that are here with other content."""
    missing, differing = [], []
    # Of equal content, whatever their notes say.
    whole = tuple(f"{SNAPSHOTS}/{one.id}/" for one in snapshots(project) if one.is_complete)
    for name, stored in files.items():
        path = project.root / name
        _check_inside(project, path, name)
        if name.startswith(whole):
            continue
        if not path.exists():
            missing.append(name)
        elif path.stat().st_size != stored.size or checksum(path) != stored.sha256:
            differing.append(name)
    return missing, differing


def _check_inside(project: Project, path: Path, name: str) -> None:
    if project.root not in path.resolve().parents:
        raise SnapshotError(
            "a link here leads out of the project",
            Location(name),
            "remove it, then restore again",
        )
    is_blocked = path.is_dir() or any(
        above.exists() and not above.is_dir() for above in path.parents
    )
    if is_blocked:
        raise SnapshotError(
            "a folder is in the place of this file, or a file in the place of its folder",
            Location(name),
            "move it, then restore again",
        )


def _refused(differing: list[str]) -> SnapshotError:
    more = f"\n  and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
    listed = "".join(f"\n  {name}" for name in differing[:_SHOWN])
    count = "1 file differs" if len(differing) == 1 else f"{len(differing)} files differ"
    return SnapshotError(
        f"{count} from the backup:{listed}{more}",
        hint="nothing was changed; `--force` overwrites them",
    )


def _fetch(store: Store, name: str, stored: Stored, staging: Path) -> int:
    """Fetch and check the content of the file ``name``; equal content is fetched once."""
    file = staging / stored.sha256
    if file.exists():
        return 0
    if not store.get(f"{OBJECTS}/{stored.sha256}", file):
        raise _unusable(name, stored, "is missing")
    if file.stat().st_size != stored.size or checksum(file) != stored.sha256:
        raise _unusable(name, stored, "is damaged")
    return stored.size


def _unusable(name: str, stored: Stored, what: str) -> SnapshotError:
    return SnapshotError(
        f"the content of this file {what} in the store: {OBJECTS}/{stored.sha256}",
        Location(name),
        "nothing was changed; take another backup: `analysis backup URL --list` shows them",
    )
