"""A store in a folder of this machine, or of a disk that is mounted there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import SnapshotError
from analysis.files import temporary, write_bytes


class FolderStore:
    """Files below ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def sizes(self, folder: str) -> Mapping[str, int]:
        """List the names in ``folder`` with their sizes."""
        with self._errors():
            try:
                return {
                    path.name: path.stat().st_size
                    for path in (self.root / folder).iterdir()
                    if path.name[0] != "."
                }
            except FileNotFoundError:
                return {}

    def put(self, source: Path, name: str) -> None:
        """Copy a file to ``name``, in one rename."""
        with self._errors(), temporary(self.root / name) as copy:
            shutil.copyfile(source, copy)

    def write(self, content: bytes, name: str) -> None:
        """Write ``content`` to ``name``, in one rename."""
        with self._errors():
            write_bytes(self.root / name, content)

    def get(self, name: str, target: Path) -> bool:
        """Copy ``name`` to ``target``, and say whether it is there."""
        with self._errors():
            if not (self.root / name).is_file():
                return False
            shutil.copyfile(self.root / name, target)
            return True

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SnapshotError(
                f"{error.filename2 or error.filename or self.root}: {error.strerror or error}",
                hint="check that the disk is there, its space and your permissions",
            ) from None
