"""Removing snapshots that nobody needs."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence

from analysis.project import Project
from analysis.warehouse.building.record import read_record
from analysis.warehouse.snapshots.create import remove_unfinished
from analysis.warehouse.snapshots.snapshot import (
    ID_LENGTH,
    Purpose,
    Snapshot,
    snapshots,
    system_errors,
)


def prune(project: Project, keep: int, named: Collection[str]) -> tuple[Snapshot, ...]:
    """Remove all but the newest ``keep`` snapshots and those ``named`` by a release; give them."""
    others = [one for one in snapshots(project) if one.id not in named]
    newest = {one.id for one in snapshots(project)[-keep:]} if keep else set()
    return _remove(project, [one for one in others if one.id not in newest])


def forget(project: Project, purpose: Purpose, names: Collection[str] | None = None) -> None:
    """Remove snapshots, or those of these ``names``, that were made for ``purpose`` only.

    That of the warehouse as it is now stays: it would soon be made again.
    """
    record = read_record(project)
    now = record.fingerprint[:ID_LENGTH] if record else None
    _remove(
        project,
        [
            one
            for one in snapshots(project)
            if one.details.made_for == purpose
            and one.id != now
            and (names is None or one.id in names)
        ],
    )


def _remove(project: Project, gone: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    for one in gone:
        # Renamed first, so that nobody sees half a snapshot; what is left goes with the next one.
        trash = one.folder.with_name(f".new-{one.id}")
        with system_errors("the snapshot cannot be removed"):
            one.folder.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)
    remove_unfinished(project)
    return tuple(gone)
