"""Writing that others never see half done: temp-then-rename, and one lock a project."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import LockedError


def write_bytes(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one rename; parents are made."""
    with temporary(path) as file:
        file.write_bytes(content)


@contextlib.contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """Give an empty file that takes the place of ``path`` in one rename at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Put UTF-8 ``text`` with LF line ends at ``path`` in one rename."""
    write_bytes(path, text.encode())


def replace_link(link: Path, target: str) -> None:
    """Point the symbolic ``link`` at ``target`` in one rename."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target, target_is_directory=True)
    temporary.replace(link)


@contextlib.contextmanager
def fresh_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new empty folder below ``parent``; what is still there at the end is removed."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digest(content: bytes) -> str:
    """Fingerprint bytes: the first 32 hex digits of SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


def digest_file(path: Path) -> str:
    """Fingerprint a file's content without reading it whole into memory."""
    return checksum(path)[:32]


def checksum(path: Path) -> str:
    """Give the whole SHA-256 of a file, in 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_leftovers(folder: Path) -> None:
    """Remove what writers that were killed left below ``folder``."""
    for path in folder.rglob(".*.tmp"):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def project_lock(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the advisory lock at ``path``; the system frees it when its owner dies.

    Gives whether the last owner died while it held the lock.

    Raises
    ------
    LockedError
        Another process holds it and ``wait`` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "another process"
            raise LockedError(
                f"another run holds the project (process {owner})",
                hint="wait until it is done, or leave out --no-wait",
            ) from None
        file.seek(0)
        died = bool(file.read())
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield died
        finally:
            file.truncate(0)
