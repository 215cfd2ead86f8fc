"""Deciding what an ingest has to build; nothing here needs DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.files import digest
from analysis.lineage.relations import Relation
from analysis.project import Project
from analysis.warehouse.building.record import Record, read_record
from analysis.warehouse.declared.sources import Sources, read_sources
from analysis.warehouse.reading.places import Place, content_digest, locate
from analysis.warehouse.views.view import View, find_views


@dataclass(frozen=True)
class Plan:
    """What to build: the declarations, each source's file and digest, the views.

    ``old`` is the record of the warehouse at ``old_file``, whose tables may be taken over.
    """

    sources: Sources
    places: Mapping[str, Place]
    digests: Mapping[str, str]
    views: tuple[View, ...]
    view_digests: Mapping[str, str]
    old: Record | None
    old_file: Path

    def is_current(self) -> bool:
        """Say whether the old warehouse is what would be built."""
        return (
            self.old is not None
            and self.old.declared == self.sources.digest()
            and {name: s.digest for name, s in self.old.sources.items()} == self.digests
            and {name: v.digest for name, v in self.old.views.items()} == self.view_digests
        )

    def is_kept(self, name: str) -> bool:
        """Say whether the table of the source ``name`` can be copied from the old warehouse."""
        known = self.old.sources.get(name) if self.old else None
        return known is not None and known.digest == self.digests[name]

    def kept_view(self, name: str, definition: str) -> Relation | None:
        """Give what is known of the view ``name`` if nothing that decides its rows changed."""
        known = self.old.views.get(name) if self.old else None
        if self.old and known and known.definition == definition:
            return self.old.relations.get(name)
        return None


def make_plan(project: Project, *, force: bool = False) -> Plan:
    """Compare the project's declarations, files and views with the warehouse that is there.

    With ``force``, nothing of the old warehouse counts.

    Raises
    ------
    ProjectError, SourceError, ViewError
        A declaration is wrong, or a file is missing.
    """
    sources = read_sources(project)
    places = {name: locate(name, sources, project) for name in sources.by_name}
    views = find_views(project)
    return Plan(
        sources=sources,
        places=places,
        digests={n: content_digest(sources.by_name[n], place) for n, place in places.items()},
        views=views,
        view_digests={view.name: digest(view.text.encode()) for view in views},
        old=None if force else read_record(project),
        old_file=project.warehouse,
    )
