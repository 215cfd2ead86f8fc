"""Fingerprints of the content of files; a large one is not read again while it stays the same."""

from __future__ import annotations

import hashlib
import json
import os
import time
from functools import cached_property
from pathlib import Path

from analysis.files import digest, write_text

LARGE = 1 << 20
# A file that was written this shortly before it was read may change without a trace.
SETTLED = 2_000_000_000
_BOM = b"\xef\xbb\xbf"


class FileDigests:
    """Fingerprints of files below ``root``.

    Content alone counts. For large files the answer is kept in ``cache`` together with what the
    file system says of the file: if that changes in any way, the content is read again.
    """

    def __init__(self, root: Path, cache: Path) -> None:
        self._root = str(root)
        self._cache = cache
        self._is_new = False

    def of_file(self, name: str) -> str | None:
        """Fingerprint a file by its bytes; ``None`` if it is not there."""
        path = f"{self._root}/{name}"
        try:
            if os.stat(path).st_size > LARGE:  # noqa: PTH116
                return self._of_large(name, path)
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                return digest(file.read())
        except OSError:
            return None

    def of_text(self, name: str) -> str | None:
        """Fingerprint a text whose line ends do not matter."""
        try:
            with open(f"{self._root}/{name}", "rb", buffering=0) as file:  # noqa: PTH123
                return digest(file.read().removeprefix(_BOM).replace(b"\r\n", b"\n"))
        except OSError:
            return None

    def save(self) -> None:
        """Keep what was found out about large files."""
        if self._is_new:
            write_text(self._cache, json.dumps(self._known, indent=1, sort_keys=True) + "\n")

    def _of_large(self, name: str, path: str) -> str:
        stat = os.stat(path)  # noqa: PTH116
        state = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        known = self._known.get(name)
        if known and known[1] == state:
            return str(known[0])
        with open(path, "rb") as file:  # noqa: PTH123
            found = hashlib.file_digest(file, "sha256").hexdigest()[:32]
        if time.time_ns() - max(stat.st_mtime_ns, stat.st_ctime_ns) > SETTLED:
            self._known[name] = (found, state)
            self._is_new = True
        return found

    @cached_property
    def _known(self) -> dict[str, tuple[str, list[int]]]:
        try:
            return {
                name: (row[0], row[1]) for name, row in json.loads(self._cache.read_bytes()).items()
            }
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}
