"""The board of pins that versions of models are kept on: a folder, or one behind a URL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from analysis.errors import Location, ModelError
from analysis.project import Project
from analysis.project.settings import FILE, read_settings
from analysis.redaction import Address, fill

# By pin and version: each file with its size in bytes.
Listing = Mapping[str, Mapping[str, Mapping[str, int]]]
# Kinds of boards that pins knows, and that cannot be used so.
_UNFIT = {
    "rsc": "Posit Connect names versions itself, so that an event could not say which one it is of",
    "dbc": "volumes of Databricks cannot be listed with the sizes of files",
    "http": "a board behind a web server can only be read",
    "https": "a board behind a web server can only be read",
    "github": "a board on GitHub can only be read",
}


class Board(Protocol):
    """Pins, each with versions, each with files. All methods raise `ModelError`.

    ``folder`` is where it lies, if that is on this machine; ``staging`` is a folder in which new
    versions are put together.
    """

    folder: Path | None
    staging: Path

    def __str__(self) -> str:
        """Name it to a person, without secrets."""

    def listing(self) -> Listing:
        """List what is there now, also what is not ours."""

    def get(self, pin: str, version: str, file: str, target: Path) -> bool:
        """Fetch a file, and say whether it is there."""

    def put(self, staged: Path, pin: str, version: str) -> bool:
        """Put the files in ``staged`` there as a version; say no if there is one of this name."""


def open_board(project: Project) -> Board:
    """Give the board that the project's settings name.

    Raises
    ------
    ModelError
        It is of a kind that cannot be used, or the library for it is not installed.
    ProjectError
        The settings are wrong.
    """
    from analysis.models.registry.folder import FolderBoard

    where = Location(FILE)
    address = fill(read_settings(project.root).models, where)
    protocol, separator, rest = address.secret.partition("://")
    if not separator:
        return FolderBoard(Path(os.path.normpath(project.root / Path(address.secret).expanduser())))
    if protocol == "file":
        return FolderBoard(_path(address, where))
    if protocol in _UNFIT or not rest:
        raise ModelError(
            f"models cannot be kept on `{address}`: {_UNFIT.get(protocol, 'it has no path')}",
            where,
            "give `models` in [tool.analysis] as a folder, or as a URL of s3, gs or az",
        )
    from analysis.models.registry.remote import RemoteBoard

    return RemoteBoard(address, project.work_dir / "models")


def _path(address: Address, where: Location) -> Path:
    parts = urlsplit(address.secret)
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise ModelError(
            f"`{address}` is not a path on this machine",
            where,
            "write `file:///` and an absolute path, or the path alone",
        )
    return Path(unquote(parts.path))
