"""Releases and snapshots: a release names the snapshot that it was made from."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.console import warn
from analysis.errors import ReleaseError, SnapshotError
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.site.manifest import Manifest
    from analysis.warehouse.snapshots.create import Origin
    from analysis.warehouse.snapshots.snapshot import Purpose


def origin(project: Project, made_for: Purpose, note: str | None = None) -> Origin:
    """Say of which commit a snapshot is taken, and what for."""
    from analysis.project.git import git_commit
    from analysis.warehouse.snapshots.create import Origin

    return Origin(made_for, git_commit(project.root), note)


def release(project: Project, staging: Path, manifest: Manifest) -> None:
    """Make the site in ``staging`` the current release, which names its snapshot.

    Those of releases that are removed meanwhile go with them.

    Raises
    ------
    ProjectError
        The project's settings are wrong.
    ReleaseError
        The site cannot be released. The current release stays.
    """
    from analysis.site.release import release as put

    then = frozenset[str]()
    with contextlib.suppress(ReleaseError):  # what a damaged manifest names is not known
        then = snapshots_of_releases(project)
    snapshot, warnings = _snapshot(project)
    for message in warnings:
        warn(None, message)
    told = (*manifest.warnings, *warnings)
    put(project, staging, replace(manifest, snapshot=snapshot, warnings=told))
    _forget(project, then)


def snapshots_of_releases(project: Project) -> frozenset[str]:
    """Name the snapshots that the kept releases were made from.

    Raises
    ------
    ReleaseError
        The manifest of one is damaged.
    """
    from analysis.site.release import releases

    return frozenset(filter(None, (one.manifest.snapshot for one in releases(project))))


def _snapshot(project: Project) -> tuple[str | None, tuple[str, ...]]:
    """Give the snapshot that a release is made from, taken now if need be, and warnings.

    There is none where nothing was ingested, or where the project wants none.
    """
    from analysis.project.settings import read_settings
    from analysis.warehouse.snapshots.create import create

    if project.snapshot:
        return project.snapshot, ()
    if not read_settings(project.root).snapshots or not project.warehouse.exists():
        return None, ()
    try:
        return create(project, origin(project, "release")).snapshot.id, ()
    except SnapshotError as error:  # no reason to keep the news from the readers
        return None, (f"the release has no snapshot of the warehouse: {error.what}",)


def _forget(project: Project, then: frozenset[str]) -> None:
    from analysis.warehouse.snapshots.prune import forget

    with contextlib.suppress(ReleaseError):
        if gone := then - snapshots_of_releases(project):
            forget(project, "release", gone)
