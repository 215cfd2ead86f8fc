"""Which files of a project are backed up: those below ``data`` that cannot be built again."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import Location, SnapshotError
from analysis.project import Project
from analysis.project.project import WAREHOUSE

DATA = "data"
# Built from the rest, and kept as a snapshot.
_WAREHOUSE = frozenset({WAREHOUSE, f"{WAREHOUSE}.wal", WAREHOUSE.replace(".duckdb", ".json")})
# What writers that were killed leave, and what keeps two of them apart.
_SCRATCH = (".warehouse-", ".new-", ".~lock.")


def files_to_keep(project: Project) -> dict[str, Path]:
    """List the files by their path in the project, sorted.

    A link to a file of the project counts as that file. What is no file, such as a socket, is left
    out, and so are scratch files and locks.

    Raises
    ------
    SnapshotError
        A link leads out of the project, or nowhere; or a folder cannot be read.
    """
    folder = project.root / DATA
    if not folder.is_dir():
        return {}
    found = dict(_below(project.root, folder, (_resolved(project.root, folder),)))
    return {name: found[name] for name in sorted(found)}


def _below(root: Path, folder: Path, above: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    for entry in _entries(root, folder):
        path = folder / entry
        name = path.relative_to(root).as_posix()
        if name in _WAREHOUSE or _is_scratch(entry):
            continue
        real = _resolved(root, path)
        mode = real.stat().st_mode
        if stat.S_ISREG(mode):
            yield name, real
        elif stat.S_ISDIR(mode) and real not in above:  # a link may lead upwards
            yield from _below(root, path, (*above, real))


def _entries(root: Path, folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except OSError as error:
        where = Location(folder.relative_to(root).as_posix())
        raise SnapshotError(f"this folder cannot be read: {error.strerror}", where) from None


def _resolved(root: Path, path: Path) -> Path:
    where = Location(path.relative_to(root).as_posix())
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise SnapshotError(
            "this link leads nowhere", where, "remove it, or bring back what it leads to"
        ) from None
    if root not in real.parents:
        raise SnapshotError(
            "this is a link that leads out of the project",
            where,
            "copy what it leads to into the project",
        )
    return real


def _is_scratch(name: str) -> bool:
    return name.startswith(_SCRATCH) or (name[0] == "." and name.endswith((".tmp", ".lock")))
