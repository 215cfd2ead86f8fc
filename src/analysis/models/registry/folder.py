"""A board in a folder: each version comes into it in one rename."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from analysis.models.registry.board import Listing

_NEW = ".new-"


class FolderBoard:
    """A board in the folder ``home``, which may be missing as long as nothing is kept there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder: Path | None = home
        self.staging = home

    def __str__(self) -> str:
        """Name it by its path."""
        return str(self.home)

    def listing(self) -> Listing:
        """List what is there; folders that begin with a dot are left out."""
        return {
            pin.name: {version.name: _sizes(version) for version in _folders(pin)}
            for pin in _folders(self.home)
        }

    def get(self, pin: str, version: str, file: str, target: Path) -> bool:
        """Copy a file, and say whether it is there."""
        path = self.home / pin / version / file
        if not path.is_file():
            return False
        shutil.copyfile(path, target)
        return True

    def put(self, staged: Path, pin: str, version: str) -> bool:
        """Move the folder ``staged`` there, which lies on the same disk."""
        target = self.home / pin / version
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            staged.rename(target)
        except OSError:
            if target.exists():
                return False
            raise
        return True


def prefix_of_new() -> str:
    """Begin the name of a folder in which this process puts a version together."""
    return f"{_NEW}{socket.gethostname()}-{os.getpid()}-"


def remove_unfinished(home: Path) -> None:
    """Remove what writers on this machine that were killed have left."""
    for folder in home.glob(f"{_NEW}{socket.gethostname()}-*"):
        process = folder.name.rpartition("-")[0].rpartition("-")[2]
        if process.isdigit() and not _lives(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _folders(home: Path) -> list[Path]:
    if not home.is_dir():
        return []
    return sorted(path for path in home.iterdir() if path.name[0] != "." and path.is_dir())


def _sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
