"""Releases and snapshots: a release names the snapshot that it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import SnapshotError
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.warehouse.snapshots.create import Origin


def origin(project: Project, *, note: str | None = None, automatic: bool = False) -> Origin:
    """Say of which commit a snapshot is taken, and why."""
    from analysis.site.manifest import git_commit
    from analysis.warehouse.snapshots.create import Origin

    return Origin(git_commit(project.root), note, automatic)


def snapshot_for_release(project: Project) -> tuple[str | None, tuple[str, ...]]:
    """Give the snapshot that a release is made from, taken now if need be, and warnings.

    There is none where nothing was ingested, or where the project wants none.

    Raises
    ------
    ProjectError
        The project's settings are wrong.
    """
    from analysis.project.settings import read_settings
    from analysis.warehouse.snapshots.create import create

    if project.snapshot:
        return project.snapshot, ()
    if not read_settings(project.root).snapshots or not project.warehouse.exists():
        return None, ()
    try:
        return create(project, origin(project, automatic=True)).snapshot.id, ()
    except SnapshotError as error:  # no reason to keep the news from the readers
        return None, (f"the release has no snapshot of the warehouse: {error.what}",)


def snapshots_of_releases(project: Project) -> frozenset[str]:
    """Name the snapshots that the kept releases were made from.

    Raises
    ------
    ReleaseError
        The manifest of one is damaged.
    """
    from analysis.site.release import releases

    return frozenset(filter(None, (one.manifest.snapshot for one in releases(project))))


def forget_snapshots(project: Project) -> None:
    """Remove the snapshots that were taken for releases which are gone."""
    from analysis.errors import ReleaseError
    from analysis.warehouse.snapshots.prune import prune_automatic

    try:
        named = snapshots_of_releases(project)
    except ReleaseError:  # what it names is not known, so all stay
        return
    prune_automatic(project, named)
