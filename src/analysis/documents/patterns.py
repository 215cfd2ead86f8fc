"""Which names of a project a file pattern chooses, today."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from analysis.lineage.recorder.places import is_ignored

_MAGIC = frozenset("*?[")


def names_matching(root: Path, pattern: str) -> list[str]:
    """List files and folders below ``root`` by a pattern like ``data/**/*.csv``, sorted.

    Hidden ones do not count, nor what the programs have written.
    """
    return sorted(set(_matching(str(root), "", pattern.split("/"))))


def files_matching(root: Path, pattern: str) -> list[str]:
    """List the files that a pattern chooses, and those in the folders that it chooses."""
    found: set[str] = set()
    for name in names_matching(root, pattern):
        inside = names_matching(root, f"{name}/**") if (root / name).is_dir() else [name]
        found.update(name for name in inside if (root / name).is_file())
    return sorted(found)


def _matching(root: str, folder: str, parts: list[str]) -> Iterator[str]:
    part, rest = parts[0], parts[1:]
    if part == "**":
        yield from _below(root, folder, rest)
        return
    for name, is_folder in _named(root, folder, part):
        if not rest:
            yield name
        elif is_folder:
            yield from _matching(root, name, rest)


def _below(root: str, folder: str, rest: list[str]) -> Iterator[str]:
    if rest:
        yield from _matching(root, folder, rest)
    for name, is_folder in _entries(root, folder):
        if not rest:
            yield name
        if is_folder:
            yield from _below(root, name, rest)


def _named(root: str, folder: str, part: str) -> Iterator[tuple[str, bool]]:
    if not _MAGIC & set(part):
        name = _join(folder, part)
        if os.path.lexists(f"{root}/{name}"):
            yield name, os.path.isdir(f"{root}/{name}")  # noqa: PTH112
        return
    for name, is_folder in _entries(root, folder):
        if fnmatchcase(name.rpartition("/")[2], part):
            yield name, is_folder


def _entries(root: str, folder: str) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(f"{root}/{folder}") as found:
            entries = [(entry.name, entry.is_dir()) for entry in found]
    except OSError:
        return
    for name, is_folder in entries:
        if name[0] != "." and not is_ignored(name, folder):
            yield _join(folder, name), is_folder


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
