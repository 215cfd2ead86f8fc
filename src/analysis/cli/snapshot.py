"""``analysis snapshot``: copies of the warehouse that stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.console import size

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.warehouse.snapshots.snapshot import Snapshot

snapshot = typer.Typer(help="Copies of the warehouse that stay.", no_args_is_help=True)
_Folder = Annotated[Path, typer.Argument(help="A folder of the project.")]


@snapshot.command("create")
def create(
    folder: _Folder = Path(),
    note: Annotated[str | None, typer.Option("--note", help="What it is kept for.")] = None,
) -> None:
    """Copy the warehouse to data/snapshots; equal content is stored once.

    Example: analysis snapshot create --note "before the new airports"
    """
    from analysis.cli.releasing import origin
    from analysis.cli.workflow import locked
    from analysis.project import find_project
    from analysis.warehouse.snapshots.create import create as take

    project = find_project(folder)
    with locked(project):
        taken = take(project, origin(project, "somebody", note))
    if taken.is_new:
        print(f"created  snapshot {taken.snapshot.id} ({size(taken.snapshot.details.size)})")
    else:
        print(f"the snapshot {taken.snapshot.id} holds the same: nothing to copy")


@snapshot.command("list")
def show(
    folder: _Folder = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the snapshots, the oldest first, with the releases made from them.

    Example: analysis snapshot list
    """
    from analysis.project import find_project
    from analysis.warehouse.snapshots.snapshot import damaged, snapshots

    project = find_project(folder)
    found, broken, named = snapshots(project), damaged(project), _releases(project)
    if as_json:
        _print_json(found, broken, named)
        return
    for one in found:
        print(_line(one, len(named[one.id]), one.id in broken))
    unreadable = sorted(set(broken) - {one.id for one in found})
    for name in unreadable:
        print(f"{name}  damaged")
    if not found and not unreadable:
        print("no snapshots: `analysis snapshot create` takes one")


@snapshot.command("restore")
def restore(
    name: Annotated[str, typer.Argument(metavar="ID", help="A snapshot; may be shortened.")],
    folder: _Folder = Path(),
) -> None:
    """Make a snapshot the warehouse again, after its checksum was verified.

    Example: analysis snapshot restore 3f2a
    """
    from analysis.cli.workflow import locked, warn_of_changed_files
    from analysis.project import find_project
    from analysis.warehouse.snapshots.restore import restore as bring_back
    from analysis.warehouse.snapshots.snapshot import find_snapshot

    project = find_project(folder)
    with locked(project):
        found = find_snapshot(project, name)
        bring_back(project, found)
        warn_of_changed_files(project, found)
    print(f"restored snapshot {found.id} as data/warehouse.duckdb")
    print("the next `analysis ingest` or `publish` builds the declared sources again")


@snapshot.command("prune")
def prune(
    folder: _Folder = Path(),
    keep: Annotated[int, typer.Option("--keep", min=0, help="How many of the newest stay.")] = 10,
) -> None:
    """Remove all but the newest snapshots and those that a kept release was made from.

    Example: analysis snapshot prune --keep 3
    """
    from analysis.cli.releasing import snapshots_of_releases
    from analysis.cli.workflow import locked
    from analysis.project import find_project
    from analysis.warehouse.snapshots.prune import prune as remove

    project = find_project(folder)
    with locked(project):
        gone = remove(project, keep, snapshots_of_releases(project))
    for one in gone:
        print(f"removed  snapshot {one.id} ({size(one.details.size)})")
    print(f"{size(sum(one.details.size for one in gone))} freed")


def _releases(project: Project) -> Mapping[str | None, list[str]]:
    """Name the releases that were made from each snapshot."""
    from analysis.cli.console import warn
    from analysis.errors import ReleaseError
    from analysis.site.release import releases

    named = defaultdict[str | None, list[str]](list)
    try:
        for release in releases(project):
            named[release.manifest.snapshot].append(release.id)
    except ReleaseError as error:
        warn(None, error.what)
    return named


def _line(one: Snapshot, releases: int, broken: bool) -> str:
    details = one.details
    facts = [one.id, details.created[:16].replace("T", " "), f"{size(details.size):>9}"]
    if broken:
        facts.append("damaged")
    if releases:
        facts.append("1 release" if releases == 1 else f"{releases} releases")
    if details.note:
        facts.append(details.note)
    return "  ".join(facts)


def _print_json(
    found: tuple[Snapshot, ...],
    broken: tuple[str, ...],
    named: Mapping[str | None, list[str]],
) -> None:
    import json
    from dataclasses import asdict

    listed = [
        {
            "id": one.id,
            **asdict(one.details),
            "releases": named[one.id],
            "damaged": one.id in broken,
        }
        for one in found
    ]
    print(json.dumps({"snapshots": listed, "damaged": list(broken)}, indent=2))
