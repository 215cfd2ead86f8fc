"""Removing snapshots that nobody needs."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence

from analysis.project import Project
from analysis.warehouse.snapshots.create import remove_unfinished
from analysis.warehouse.snapshots.snapshot import Snapshot, snapshots

KEEP = 10


def prune(project: Project, keep: int, named: Collection[str]) -> tuple[Snapshot, ...]:
    """Remove all but the newest ``keep`` snapshots and those ``named`` by a release; give them."""
    others = [one for one in snapshots(project) if one.id not in named]
    newest = {one.id for one in snapshots(project)[-keep:]} if keep else set()
    return _remove(project, [one for one in others if one.id not in newest])


def prune_automatic(project: Project, named: Collection[str]) -> tuple[Snapshot, ...]:
    """Remove the snapshots that were made for releases, but those still ``named`` by one."""
    found = [one for one in snapshots(project) if one.details.automatic and one.id not in named]
    return _remove(project, found)


def _remove(project: Project, gone: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    for one in gone:
        # Renamed first, so that nobody sees half a snapshot; what is left goes with the next one.
        trash = one.folder.with_name(f".new-{one.id}")
        one.folder.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)
    remove_unfinished(project)
    return tuple(gone)
