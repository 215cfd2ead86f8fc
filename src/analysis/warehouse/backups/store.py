"""A place for backups: ``objects/<sha256>`` and ``backups/<name>.json``, wherever it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from analysis.errors import SnapshotError
from analysis.redaction import Address

OBJECTS = "objects"
BACKUPS = "backups"
# Protocols, and whether one can write there.
REMOTE = {"s3": True, "gs": True, "gcs": True, "az": True, "abfs": True}
READ_ONLY = {"https": False, "http": False}


class Store(Protocol):
    """Where objects and manifests lie. Names are paths below it, such as ``objects/<sha256>``.

    All methods raise `SnapshotError` where the place cannot be reached, without any secret in it.
    """

    def sizes(self, folder: str) -> Mapping[str, int]:
        """List the names in ``folder`` with their sizes in bytes; a missing folder is empty."""

    def put(self, source: Path, name: str) -> None:
        """Send a file; nobody sees it under ``name`` before it is whole."""

    def write(self, content: bytes, name: str) -> None:
        """Send some bytes in the same way."""

    def get(self, name: str, target: Path) -> bool:
        """Fetch a file, and say whether it is there."""


def open_store(address: Address, *, writing: bool) -> Store:
    """Give the store at a path or URL; ``writing`` says whether something will be sent.

    Raises
    ------
    SnapshotError
        The protocol is unknown, or read-only, or its library is not installed.
    """
    protocol, separator, rest = address.secret.partition("://")
    if not separator:
        return _folder(Path(address.secret))
    if protocol == "file":
        return _folder(_path(address))
    known = {**REMOTE, **READ_ONLY}
    if protocol not in known or not rest:
        raise SnapshotError(
            f"{address} is no place for a backup",
            hint=f"give a folder, or a URL of one of these kinds: file, {', '.join(known)}",
        )
    if writing and not known[protocol]:
        raise SnapshotError(
            f"{address} can only be read: {protocol} has no way to send files",
            hint="back up to a folder or to s3, gs or az, and restore from here",
        )
    from analysis.warehouse.backups.remote import RemoteStore

    return RemoteStore(address)


def _folder(path: Path) -> Store:
    from analysis.warehouse.backups.folder import FolderStore

    return FolderStore(path.expanduser().resolve())


def _path(address: Address) -> Path:
    parts = urlsplit(address.secret)
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise SnapshotError(
            f"{address} is not a path on this machine",
            hint="write `file:///` and an absolute path, or the path alone",
        )
    return Path(unquote(parts.path))
