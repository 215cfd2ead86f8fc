"""Deciding what an ingest has to build; nothing here needs DuckDB."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Location, SourceError
from analysis.files import digest
from analysis.lineage.filedigests import FileDigests
from analysis.lineage.relations import Relation
from analysis.project import Project
from analysis.warehouse.building.lock import Checksums, read_lock
from analysis.warehouse.building.record import Record, SourceRecord, read_record
from analysis.warehouse.declared.checking import referred
from analysis.warehouse.declared.file import read_sources
from analysis.warehouse.declared.sources import Sources
from analysis.warehouse.reading.kinds import FAR, state
from analysis.warehouse.reading.places import Place, locate
from analysis.warehouse.reading.staged import Request
from analysis.warehouse.views.view import View, find_views

# What is known of large files, in the work folder.
DIGESTS = "sources.json"


@dataclass(frozen=True)
class Plan:
    """What to build: the declarations, each source's files and digest, the views.

    ``checksums`` are those of the data as they are now. ``old`` is the record of the warehouse at
    ``old_file``, whose tables may be taken over.
    """

    project: Project
    sources: Sources
    places: Mapping[str, tuple[Place, ...]]
    checksums: Checksums
    digests: Mapping[str, str]
    views: tuple[View, ...]
    view_digests: Mapping[str, str]
    old: Record | None
    old_file: Path

    def request(self, name: str, folder: Path) -> Request:
        """Say how to read the source ``name``; ``folder`` is for scratch files."""
        return Request(name, self.sources, self.places[name], self.project, folder)

    def is_current(self) -> bool:
        """Say whether the old warehouse is what would be built."""
        return (
            self.old is not None
            and self.old.declared == self.sources.digest()
            and self.old.sources.keys() == self.digests.keys()
            and all(self.is_kept(name) for name in self.digests)
            and {name: v.digest for name, v in self.old.views.items()} == self.view_digests
        )

    def is_kept(self, name: str) -> bool:
        """Say whether what the old warehouse has of the source ``name`` still holds."""
        return self.kept_source(name) is not None

    def kept_source(self, name: str) -> SourceRecord | None:
        """Give what is known of the source ``name`` if its data and its contract did not change."""
        known = self.old.sources.get(name) if self.old else None
        if known is None or known.digest != self.digests[name]:
            return None
        is_moved = known.in_place not in (None, *(str(p.path) for p in self.places[name][:1]))
        return None if is_moved else known

    def kept_view(self, name: str, definition: str) -> Relation | None:
        """Give what is known of the view ``name`` if nothing that decides its rows changed."""
        known = self.old.views.get(name) if self.old else None
        if self.old and known and known.definition == definition:
            return self.old.relations.get(name)
        return None


def make_plan(project: Project, *, force: bool = False, accept: bool = False) -> Plan:
    """Compare the project's declarations, data and views with the warehouse that is there.

    With ``force``, nothing of the old warehouse counts; with ``accept``, no promise of a source on
    another machine to stay as it is.

    Raises
    ------
    ProjectError, SourceError, ViewError
        A declaration is wrong, or a file is missing.
    """
    sources = read_sources(project)
    places = {name: locate(name, sources, project) for name in sources.by_name}
    old = None if force else read_record(project)
    locked = {} if accept else read_lock(project)
    checksums = _checksums(project, sources, places, old, locked)
    views = find_views(project)
    return Plan(
        project=project,
        sources=sources,
        places=places,
        checksums=checksums,
        digests={name: _digest(name, sources, checksums) for name in sources.by_name},
        views=views,
        view_digests={view.name: digest(view.text.encode()) for view in views},
        old=old,
        old_file=project.warehouse,
    )


def _checksums(
    project: Project,
    sources: Sources,
    places: Mapping[str, tuple[Place, ...]],
    old: Record | None,
    locked: Checksums,
) -> Checksums:
    digests = FileDigests(Path("/"), project.work_dir / DIGESTS)
    found: dict[str, Mapping[str, str]] = {}
    for name in sorted(sources.by_name, key=lambda name: sources.by_name[name].kind in FAR):
        if old and _is_settled(name, sources, old, {**locked, **found}):
            found[name] = locked[name]
            continue
        request = Request(name, sources, places[name], project, project.work_dir)
        try:
            found[name] = state(request, digests)
        except OSError as error:
            label = places[name][0].label if places[name] else name
            raise SourceError(
                f"this file cannot be read: {error.strerror}", Location(label)
            ) from None
    digests.save()
    return found


def _is_settled(name: str, sources: Sources, old: Record, known: Checksums) -> bool:
    """Say whether a source on another machine promised to stay as it is, and was read before."""
    source = sources.by_name[name]
    return (
        source.is_fixed
        and source.kind in FAR
        and name in old.sources
        and {name, *referred(name, sources)} <= known.keys()
        and old.sources[name].digest == _digest(name, sources, known)
    )


def _digest(name: str, sources: Sources, checksums: Checksums) -> str:
    """Fingerprint the data, how they are read, and the data that they refer to."""
    others = {
        other: (checksums[other], sources.by_name[other].reading())
        for other in referred(name, sources)
    }
    whole = (checksums[name], sources.by_name[name].reading(), others)
    return digest(json.dumps(whole, sort_keys=True).encode())
