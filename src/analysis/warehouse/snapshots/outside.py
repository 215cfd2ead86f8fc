"""Files that a snapshot does not hold: large ones, which the warehouse scans where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.lineage.filedigests import FileDigests
from analysis.project import Project
from analysis.warehouse.building.lock import read_lock
from analysis.warehouse.building.record import Record
from analysis.warehouse.snapshots.snapshot import Snapshot


def scanned(record: Record) -> frozenset[str]:
    """Name the relations whose rows lie in files and not in the warehouse."""
    return frozenset(f"raw.{name}" for name, source in record.sources.items() if source.in_place)


def files_outside(project: Project, record: Record) -> Mapping[str, str]:
    """List the files that the warehouse scans, by absolute path, with their checksums."""
    locked = read_lock(project)
    found: dict[str, str] = {}
    for name, source in sorted(record.sources.items()):
        if source.in_place:
            files = locked.get(name, {})
            base = _base(source.in_place, files)
            found |= {f"{base}{label}": checksum for label, checksum in files.items()}
    return found


def changed_since(project: Project, snapshot: Snapshot) -> tuple[str, ...]:
    """Name the files that ``snapshot`` scans and that are no longer what they were."""
    digests = FileDigests(Path("/"), project.work_dir / "sources.json")
    then = snapshot.details.files
    gone = [path for path, checksum in sorted(then.items()) if digests.of_file(path) != checksum]
    digests.save()
    return tuple(path.removeprefix(f"{project.root}/") for path in gone)


def _base(first: str, labels: Mapping[str, str]) -> str:
    """Give what stands before the labels in the paths, of which ``first`` is one."""
    for label in labels:
        if first.endswith(f"/{label}"):
            return first.removesuffix(label)
    return ""
