"""The snapshots of a project, each a folder of ``data/snapshots``; nothing here needs DuckDB.

``<id>/warehouse.duckdb`` is the copy, ``<id>/warehouse.json`` its record, as beside the warehouse,
and ``<id>/snapshot.json`` says when and from what it was made. The folder takes its place in one
rename, and the copy is called like the warehouse because a query may use that name.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from analysis.errors import Location, SnapshotError
from analysis.files import checksum, write_text
from analysis.project import Project
from analysis.project.project import WAREHOUSE

DETAILS = "snapshot.json"
ID_LENGTH = 12
# Those for a release or a backup go with it; the last one is kept until somebody removes it.
Purpose = Literal["backup", "release", "somebody"]
PURPOSES: tuple[Purpose, ...] = ("backup", "release", "somebody")


@dataclass(frozen=True)
class Details:
    """What is known of a snapshot beside its content; ``created`` is UTC, ``size`` in bytes.

    ``files`` are scanned where they lie: absolute paths, with the checksums that they had.
    """

    created: str
    commit: str | None
    size: int
    sha256: str
    note: str | None
    made_for: Purpose
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """A whole copy of the warehouse. ``id`` begins the fingerprint of its content."""

    id: str
    folder: Path
    details: Details

    @property
    def file(self) -> Path:
        """Give the copy."""
        return self.folder / Path(WAREHOUSE).name

    @property
    def record(self) -> Path:
        """Give the record of what is in the copy."""
        return self.file.with_suffix(".json")

    @property
    def has_its_size(self) -> bool:
        """Say whether the copy is there and as long as it was: a cheap look."""
        return self.file.is_file() and self.file.stat().st_size == self.details.size

    @property
    def is_complete(self) -> bool:
        """Say whether all its files are there, as far as a cheap look tells."""
        return self.has_its_size and self.record.is_file()


@contextmanager
def system_errors(what: str) -> Iterator[None]:
    """Turn what the system refuses into an error of ours; ``what`` could not be done.

    Raises
    ------
    SnapshotError
        There is no space, or no permission.
    """
    try:
        yield
    except OSError as error:
        raise SnapshotError(
            f"{what}: {error.filename or ''}: {error.strerror or error}".replace(": :", ":"),
            hint="check the space on the disk and your permissions",
        ) from None


def snapshots(project: Project) -> tuple[Snapshot, ...]:
    """List the snapshots whose details can be read, the oldest first."""
    found = [one for name in _names(project) if (one := read_snapshot(project, name))]
    return tuple(sorted(found, key=lambda one: (one.details.created, one.id)))


def damaged(project: Project) -> tuple[str, ...]:
    """List the ids of snapshots of which something is missing or cannot be read."""
    whole = {one.id for one in snapshots(project) if one.is_complete}
    return tuple(name for name in _names(project) if name not in whole)


def read_snapshot(project: Project, name: str) -> Snapshot | None:
    """Read the snapshot with the id ``name``; ``None`` where its details are missing or damaged."""
    folder = project.snapshots_dir / name
    try:
        return Snapshot(name, folder, Details(**json.loads((folder / DETAILS).read_bytes())))
    except (OSError, ValueError, TypeError):
        return None


def write_details(folder: Path, details: Details) -> None:
    """Write what is known of the snapshot in ``folder``, in one rename."""
    write_text(folder / DETAILS, json.dumps(asdict(details), indent=2, sort_keys=True) + "\n")


def find_snapshot(project: Project, name: str) -> Snapshot:
    """Find the snapshot whose id is, or alone begins with, ``name``.

    Raises
    ------
    SnapshotError
        There is none, or there are several, or it is damaged.
    """
    names = _names(project)
    found = [one for one in names if name and one.startswith(name.lower())]
    if len(found) > 1:
        raise SnapshotError(
            f"`{name}` begins the ids of {len(found)} snapshots: {', '.join(found)}",
            hint="write one more letter",
        )
    if not found:
        close = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else None
        raise SnapshotError(
            f"there is no snapshot `{name}`",
            hint=hint or "`analysis snapshot list` shows those that there are",
        )
    snapshot = read_snapshot(project, found[0])
    if snapshot is None:
        raise _damaged(project, found[0], DETAILS, "cannot be read")
    for file in (snapshot.file, snapshot.record):
        if not file.is_file():
            raise _damaged(project, snapshot.id, file.name, "is missing")
    return snapshot


def verify(project: Project, snapshot: Snapshot, file: Path | None = None) -> None:
    """See that ``file``, by default the snapshot's own, is what was written when it was taken.

    Raises
    ------
    SnapshotError
        It is not.
    """
    if not snapshot.has_its_size or checksum(file or snapshot.file) != snapshot.details.sha256:
        raise _damaged(project, snapshot.id, snapshot.file.name, "is not as it was written")


def _damaged(project: Project, name: str, file: str, what: str) -> SnapshotError:
    path = (project.snapshots_dir / name / file).relative_to(project.root).as_posix()
    return SnapshotError(
        f"the snapshot {name} is damaged: {file} {what}",
        Location(path),
        f"bring it back with `analysis restore URL`, or remove the folder of {file}",
    )


def _names(project: Project) -> list[str]:
    folder = project.snapshots_dir
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")
