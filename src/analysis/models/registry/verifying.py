"""Whether the files of a version are those that were promoted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.errors import Location, ModelError
from analysis.experiments.runs.record import FileRecord
from analysis.files import checksum
from analysis.models.bundle.record import BUNDLE, Bundle


def not_whole(bundle: Bundle, sizes: Mapping[str, int]) -> str | None:
    """Say which file is missing or has another size than the bundle tells, if one does."""
    for told in bundle.files:
        if not is_plain(told.file):
            return f"{BUNDLE} names the file `{told.file}`, which is no name"
        if told.file not in sizes:
            return f"{told.file} is missing"
        if sizes[told.file] != told.bytes:
            return f"{told.file} has {sizes[told.file]:,} bytes in place of {told.bytes:,}"
    return None


def check_files(folder: Path, bundle: Bundle, name: str) -> None:
    """See that each file in ``folder`` has the SHA-256 that the bundle tells.

    Raises
    ------
    ModelError
        One is missing, or is not the one that was promoted.
    """
    for told in bundle.files:
        check_file(folder, told, name)


def check_file(folder: Path, told: FileRecord, name: str) -> None:
    """See that a file in ``folder`` has the SHA-256 that is told of it.

    Raises
    ------
    ModelError
        It is missing, or is not the one that was promoted.
    """
    path = folder / told.file
    where = Location(f"{folder.name}/{told.file}")
    if not is_plain(told.file) or not path.is_file():
        raise ModelError(
            f"{told.file} of the model `{name}` is missing",
            where,
            "promote the run again: `analysis model promote`",
        )
    if checksum(path) != told.sha256:
        raise ModelError(
            f"{told.file} of the model `{name}` is not the one that was promoted",
            where,
            "its SHA-256 differs: do not use it, and find out who changed it",
        )


def is_plain(file: str) -> bool:
    """Say whether a name is that of a file in the same folder."""
    return bool(file) and file not in (".", "..") and not {"/", "\\", "\0"} & set(file)
