"""The backups that a store has."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path

from analysis.errors import SnapshotError
from analysis.warehouse.backups.manifest import Manifest, parse_manifest
from analysis.warehouse.backups.store import BACKUPS, Store


def names_of_backups(store: Store) -> tuple[str, ...]:
    """List the ids of the backups, the oldest first."""
    found = (name for name in store.sizes(BACKUPS) if name.endswith(".json"))
    return tuple(sorted(name.removesuffix(".json") for name in found))


def read_backup(store: Store, name: str) -> Manifest:
    """Read the manifest of the backup with the id ``name``.

    Raises
    ------
    SnapshotError
        It is missing or damaged.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manifest"
        if not store.get(f"{BACKUPS}/{name}.json", file):
            raise _unknown(name, names_of_backups(store))
        return parse_manifest(file.read_bytes(), name)


def choose_backup(store: Store, wanted: str | None) -> Manifest:
    """Read the backup whose id begins or ends with ``wanted``, or the newest.

    Raises
    ------
    SnapshotError
        There is none, or there are several, or it is damaged.
    """
    names = names_of_backups(store)
    if wanted is None:
        if not names:
            raise SnapshotError("there is no backup", hint="`analysis backup URL` makes one")
        return read_backup(store, names[-1])
    found = [n for n in names if wanted and (n.startswith(wanted) or n.endswith(f"-{wanted}"))]
    if len(found) > 1:
        raise SnapshotError(
            f"`{wanted}` may be {len(found)} backups: {', '.join(found[-5:])}",
            hint="write more of the id",
        )
    # A web server need not list what it has.
    if not found and names:
        raise _unknown(wanted, names)
    return read_backup(store, found[0] if found else wanted)


def _unknown(name: str, names: tuple[str, ...]) -> SnapshotError:
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else None
    return SnapshotError(
        f"there is no backup `{name}`", hint=hint or "`analysis backup URL --list` shows them"
    )
