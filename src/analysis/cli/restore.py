"""``analysis restore``: fetch the project's data from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.console import size


def restore(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the backups are.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    name: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Which backup; default: the newest.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> None:
    """Fetch all below data/ from a backup, every checksum verified, and the warehouse with it.

    Nothing is written before all is fetched. Files that the backup does not have stay.

    Example: analysis restore s3://backups/reports --id 20261120
    """
    from analysis.cli.workflow import locked, warn_of_changed_files
    from analysis.project import find_project
    from analysis.redaction import fill
    from analysis.warehouse.backups.catalog import choose_backup
    from analysis.warehouse.backups.restore import bring_back
    from analysis.warehouse.backups.store import open_store
    from analysis.warehouse.snapshots.snapshot import find_snapshot

    project = find_project(folder)
    store = open_store(fill(url), writing=False)
    with locked(project):
        manifest = choose_backup(store, name)
        done = bring_back(project, store, manifest, force=force)
        if manifest.snapshot:
            warn_of_changed_files(project, find_snapshot(project, manifest.snapshot))
    print(f"{done.written} files written ({size(done.size)} fetched), {done.kept} were there")
    print(f"restored the backup {manifest.id}")
