"""Which paths belong to the project and count as inputs of a page."""

from __future__ import annotations

import os
import sys
from typing import Any

# Written by the programs, or not the project's own.
IGNORED_AT_TOP = frozenset({"_freeze", "published", "_site", "_book"})
IGNORED_ANYWHERE = frozenset({"site-packages", "dist-packages", "__pycache__", "node_modules"})
# The same, inside folders that count otherwise.
IGNORED_INSIDE = frozenset({"data/snapshots"})
# What of it counts is known before the run, and our own code reads it to find the project.
CONFIG = "_quarto.yml"


class Places:
    """The folder of a project.

    Parameters
    ----------
    root
        Its absolute path, without links.
    document
        The page that runs, relative to the root; it is known as an input anyway.
    warehouse
        The absolute path of the DuckDB file whose relations are inputs one by one.
    """

    def __init__(self, root: str, document: str, warehouse: str) -> None:
        self.root = root
        self.warehouse = warehouse
        self._prefix = root.rstrip(os.sep) + os.sep
        record = os.path.splitext(warehouse)[0] + ".json"  # noqa: PTH122
        self._known = {document, CONFIG, self._relative(warehouse), self._relative(record)}
        environment = os.path.realpath(sys.prefix)
        inside = environment.startswith(self._prefix)
        self._environment = environment + os.sep if inside else None
        # Most of what is looked at lies there; it saves following links.
        installed = {sys.prefix, sys.base_prefix, environment}
        self._installed = tuple(p + os.sep for p in installed if not root.startswith(p))
        self._real: dict[str, str] = {}

    def absolute(self, name: str) -> str:
        """Give the absolute path of ``name``, which is relative to the root."""
        return os.path.join(self.root, name)  # noqa: PTH118

    def inside(self, path: Any) -> str | None:
        """Give ``path`` relative to the root, with ``/``; ``None`` where it does not count."""
        if isinstance(path, int):  # an open file
            return None
        path = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        if path.startswith(self._installed):
            return None
        if not path.startswith(self._prefix):
            path = self._without_links(path)
            if not path.startswith(self._prefix):
                return None
        if self._environment and path.startswith(self._environment):
            return None
        name = self._relative(path)
        return None if self._is_ignored(name) else name

    def is_warehouse(self, path: str) -> bool:
        """Say whether ``path`` is the warehouse."""
        return os.path.realpath(path) == os.path.realpath(self.warehouse)

    def _without_links(self, path: str) -> str:
        folder, name = os.path.split(path)
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder)
        return os.path.join(self._real[folder], name)  # noqa: PTH118

    def _relative(self, path: str) -> str:
        return path[len(self._prefix) :].replace(os.sep, "/")

    def _is_ignored(self, name: str) -> bool:
        if name in self._known or name.endswith((".duckdb.wal", ".duckdb.tmp")):
            return True
        folder = ""
        for part in name.split("/"):
            if is_ignored(part, folder):
                return True
            folder = f"{folder}/{part}" if folder else part
        return False


def is_ignored(name: str, folder: str) -> bool:
    """Say whether the file or folder ``name`` in ``folder``, below the root, never counts."""
    if name in IGNORED_ANYWHERE or name.endswith((".dist-info", ".egg-info")):
        return True
    if folder:
        return f"{folder}/{name}" in IGNORED_INSIDE
    return name in IGNORED_AT_TOP or name in (".analysis", ".git", ".quarto", ".venv")
