"""Which files a page opens and which folders it lists, as the interpreter's audit events tell."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Any

from .places import Places

# These list folders for themselves, to find modules or what is installed, or because of a pattern
# that was noted as a whole.
_SEARCHERS = frozenset(
    [
        "IPython",
        "glob",
        "importlib",
        "importlib_metadata",
        "importlib_resources",
        "pathlib",
        "pkg_resources",
        "pkgutil",
        "setuptools",
        "shutil",
        "zipimport",
    ]
)
Signature = tuple[int, ...]


class Files:
    """Files that are read, with what tells whether they changed since; patterns that are listed.

    What the page wrote before it read it is no input. ``modules`` are files of which Python has
    read the compiled form. Nothing is recorded while it is ``paused``.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.read: dict[str, Signature | None] = {}
        self.written: set[str] = set()
        self.modules: dict[str, Signature | None] = {}
        self.listings: set[str] = set()
        self.paused = 0
        self._handlers: dict[str, Callable[..., None]] = {
            "open": self._opened,
            "os.rename": self._renamed,
            "sqlite3.connect": self._sqlite,
            "os.listdir": self._listed,
            "os.scandir": self._listed,
            "glob.glob/2": self._globbed,
            "pathlib.Path.glob": lambda path, pattern: self._pattern(path, pattern),
            "pathlib.Path.rglob": lambda path, pattern: self._pattern(path, f"**/{pattern}"),
        }

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """Take an audit event."""
        handler = self._handlers.get(event)
        if handler is not None and not self.paused:
            handler(*args)

    def note_read(self, path: Any) -> None:
        """Take notice that ``path`` is read."""
        name = self.places.inside(path)
        if name and name not in self.written and name not in self.read:
            self.read[name] = signature(self.places.absolute(name))

    def note_written(self, path: Any) -> None:
        """Take notice that ``path`` is written."""
        if name := self.places.inside(path):
            self.written.add(name)

    def _opened(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        access = flags & os.O_ACCMODE
        if isinstance(path, str) and path.endswith(".pyc") and access == os.O_RDONLY:
            self._compiled(path)
            return
        if access != os.O_WRONLY and not flags & os.O_TRUNC:
            self.note_read(path)
        if access != os.O_RDONLY or flags & (os.O_TRUNC | os.O_CREAT):
            self.note_written(path)

    def _compiled(self, path: str) -> None:
        try:
            source = importlib.util.source_from_cache(path)
        except (ValueError, NotImplementedError):
            return
        if name := self.places.inside(source):
            self.modules.setdefault(name, signature(source))

    def _renamed(self, source: Any, target: Any, *_: Any) -> None:
        if self.places.inside(source) in self.written:
            self.note_written(target)

    def _sqlite(self, database: Any) -> None:
        path = os.fsdecode(database)
        if path and not path.startswith((":memory:", "file:")) and os.path.exists(path):  # noqa: PTH110
            self.note_read(path)

    def _listed(self, path: Any = None) -> None:
        if isinstance(path, int):
            return
        caller = sys._getframe(2)
        searcher = str(caller.f_globals.get("__name__")).partition(".")[0] in _SEARCHERS
        if not searcher or caller.f_code.co_name == "iterdir":
            self._pattern(path or ".", "*")

    def _globbed(self, pattern: Any, recursive: bool, root: Any, folder: Any) -> None:
        if folder is None:
            text = os.fsdecode(pattern)
            self._pattern(root or ".", text if recursive else text.replace("**", "*"))

    def _pattern(self, folder: Any, pattern: Any) -> None:
        path = os.path.join(os.fsdecode(folder), os.fsdecode(pattern))  # noqa: PTH118
        if name := self.places.inside(path):
            self.listings.add(name)


def signature(path: str) -> Signature | None:
    """Say what tells cheaply whether a file was changed meanwhile; ``None`` if it is missing."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
