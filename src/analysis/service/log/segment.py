"""A segment of the log: a file of whole lines that one process writes, and nobody else."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from datetime import datetime
from pathlib import Path

SUFFIX = ".jsonl"


class Segment:
    """A new file in ``folder``, which is locked as long as it is open; so nobody compacts it.

    The system frees the lock when the process dies, however it dies.
    """

    def __init__(self, folder: Path, now: datetime, *, fsync: bool = False) -> None:
        """Begin the file.

        Raises
        ------
        OSError
            It cannot be made.
        """
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        self.path = folder / name
        self.day = now.date()
        self.size = 0
        self._fsync = fsync
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        # Whoever compacts may hold it for a moment, and leaves it, as it is empty.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        if fsync:
            _fsync_folder(folder)

    def append(self, lines: bytes) -> None:
        """Write whole lines at once. On failure the file ends as it did before.

        Raises
        ------
        OSError
            There is no room, or the disk failed. If ``is_open`` is false then, the end of the file
            could not be mended: its last line is torn, and nothing may follow it.
        """
        try:
            if os.write(self._file, lines) != len(lines):
                # Only part of it had room. A second call would say why, and may tear more.
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            if self._fsync:
                os.fdatasync(self._file)
        except BaseException:
            self._mend()
            raise
        self.size += len(lines)

    @property
    def is_open(self) -> bool:
        """Say whether more can be written."""
        return self._file >= 0

    def close(self) -> None:
        """Let go of the file; one without a line is removed."""
        if self.is_open:
            if not self.size:
                with contextlib.suppress(OSError):
                    self.path.unlink()
            file, self._file = self._file, -1
            os.close(file)

    def _mend(self) -> None:
        try:
            os.ftruncate(self._file, self.size)
        except OSError:
            file, self._file = self._file, -1
            with contextlib.suppress(OSError):
                os.close(file)


def _fsync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
