"""A board behind a URL, through pins and the file systems that it uses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from analysis.errors import ModelError
from analysis.models.registry.board import Listing
from analysis.models.registry.pinned import DATA
from analysis.redaction import Address, guarded


class RemoteBoard:
    """A board at ``address``; nothing of it is cached by pins, which would not see others' pins."""

    def __init__(self, address: Address, staging: Path) -> None:
        self.folder: Path | None = None
        self.staging = staging
        self._address = address
        with self._errors():
            board = _board(address)
            self._fs: Any = board.fs
            self._root = str(board.board).rstrip("/")

    def __str__(self) -> str:
        """Name it by its URL, without secrets."""
        return str(self._address)

    def listing(self) -> Listing:
        """List what is there now."""
        with self._errors():
            self._fs.invalidate_cache()
            try:
                found = self._fs.find(self._root, detail=True)
            except FileNotFoundError:
                return {}
        listed: dict[str, dict[str, dict[str, int]]] = {}
        for path, info in found.items():
            parts = str(path).lstrip("/").removeprefix(f"{self._root.lstrip('/')}/").split("/")
            if len(parts) == 3 and not parts[0].startswith("."):
                pin, version, file = parts
                sizes = listed.setdefault(pin, {}).setdefault(version, {})
                sizes[file] = int(info.get("size") or 0)
        return listed

    def get(self, pin: str, version: str, file: str, target: Path) -> bool:
        """Fetch a file, and say whether it is there."""
        with self._errors():
            try:
                self._fs.get_file(self._path(pin, version, file), str(target))
            except FileNotFoundError:
                return False
            return True

    def put(self, staged: Path, pin: str, version: str) -> bool:
        """Send files; that by which pins knows a version comes last, when the others are there."""
        with self._errors():
            if self._fs.exists(self._path(pin, version)):
                return False
            self._fs.makedirs(self._path(pin, version), exist_ok=True)
            for path in sorted(staged.iterdir(), key=lambda path: (path.name == DATA, path.name)):
                self._fs.put_file(str(path), self._path(pin, version, path.name))
            self._fs.invalidate_cache()
            return True

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *parts))

    def _errors(self) -> AbstractContextManager[None]:
        return guarded(
            self._address,
            ModelError,
            f"`{self}`",
            f"the board `{self}` cannot be used",
            "check `models` in [tool.analysis], the credentials, and the network",
        )


def _board(address: Address) -> Any:
    import pins

    protocol, _, path = address.secret.partition("://")
    makers: dict[str, Callable[..., Any]] = {
        "s3": pins.board_s3,
        "gs": pins.board_gcs,
        "gcs": pins.board_gcs,
        "az": pins.board_azure,
        "abfs": pins.board_azure,
    }
    path = path.rstrip("/")
    if protocol in makers:
        return makers[protocol](path, cache=None)
    return pins.board(protocol, path, cache=None)
