"""A store in the cloud, or behind a web server, through fsspec."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from analysis.errors import SnapshotError
from analysis.redaction import Address, guarded


class RemoteStore:
    """Objects below a URL. The services themselves show an object only when it is whole."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with self._errors():
            from fsspec.core import url_to_fs  # type: ignore[import-untyped]

            fs, root = url_to_fs(address.secret.rstrip("/"), skip_instance_cache=True)
            self._fs: Any = fs
            self._root = str(root)

    def sizes(self, folder: str) -> Mapping[str, int]:
        """List the names in ``folder`` with their sizes."""
        with self._errors():
            try:
                found = self._fs.ls(f"{self._root}/{folder}", detail=True)
            except FileNotFoundError:
                return {}
            names = ((entry["name"].rstrip("/").rpartition("/")[2], entry) for entry in found)
            return {name: int(entry.get("size") or 0) for name, entry in names if name != folder}

    def put(self, source: Path, name: str) -> None:
        """Send a file."""
        with self._errors():
            self._fs.put_file(str(source), f"{self._root}/{name}")

    def write(self, content: bytes, name: str) -> None:
        """Send some bytes."""
        with self._errors():
            self._fs.pipe_file(f"{self._root}/{name}", content)

    def get(self, name: str, target: Path) -> bool:
        """Fetch an object, and say whether it is there."""
        with self._errors():
            try:
                self._fs.get_file(f"{self._root}/{name}", str(target))
            except FileNotFoundError:
                return False
            return True

    def _errors(self) -> AbstractContextManager[None]:
        return guarded(
            self.address,
            SnapshotError,
            f"{self.address}",
            f"{self.address} cannot be reached",
            "check the address, the credentials in the environment, and the network",
        )
