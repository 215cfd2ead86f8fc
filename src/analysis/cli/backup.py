"""``analysis backup``: send the project's data to another place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.console import size, warn

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.warehouse.backups.store import Store


def backup(
    url: Annotated[str, typer.Argument(metavar="URL", help="A folder, or file, s3, gs, az://…")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    show: Annotated[bool, typer.Option("--list", help="List the backups that are there.")] = False,
) -> None:
    """Send all below data/, with a snapshot of the warehouse, to a folder or URL.

    What is there already is not sent again. `${NAME}` is taken from the environment.

    Example: analysis backup s3://backups/reports
    """
    from analysis.redaction import fill
    from analysis.warehouse.backups.store import open_store

    store = open_store(fill(url), writing=not show)
    if show:
        _show(store)
    else:
        from analysis.project import find_project

        _make(find_project(folder), store)


def _make(project: Project, store: Store) -> None:
    from analysis.cli.workflow import locked
    from analysis.project.git import git_commit
    from analysis.warehouse.backups.backup import back_up
    from analysis.warehouse.snapshots.prune import forget

    with locked(project):
        snapshot = _snapshot(project)
        forget(project, "backup")
        sent = back_up(project, store, git_commit(project.root), snapshot)
    manifest = sent.manifest
    print(f"{len(manifest.files)} files, {size(manifest.size)}, of which {size(sent.size)} sent")
    print(f"backed up as {manifest.id}")


def _snapshot(project: Project) -> str | None:
    """Take a snapshot for the backup; what is wrong with the warehouse stops no backup."""
    from analysis.cli.releasing import origin
    from analysis.errors import SnapshotError
    from analysis.warehouse.snapshots.create import create

    if not project.warehouse.exists():
        return None
    try:
        return create(project, origin(project, "backup")).snapshot.id
    except SnapshotError as error:
        warn(None, f"the warehouse is not backed up: {error.what}: {error.hint}")
        return None


def _show(store: Store) -> None:
    from analysis.errors import SnapshotError
    from analysis.warehouse.backups.catalog import names_of_backups, read_backup

    names = names_of_backups(store)
    for name in names:
        try:
            found = read_backup(store, name)
        except SnapshotError as error:
            print(f"{name}  {error.what}")
            continue
        facts = [name, f"{len(found.files):>6} files", f"{size(found.size):>9}"]
        print("  ".join([*facts, *([found.commit[:7]] if found.commit else [])]))
    if not names:
        print("no backups")
